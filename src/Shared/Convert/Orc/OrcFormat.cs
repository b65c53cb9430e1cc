using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Orc.Columns;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc;

/// <summary>Apache ORC, versions 0.11 and 0.12 of the format (orc.apache.org/specification). ADR 0017 says why by a reader of our own.</summary>
internal sealed class OrcFormat : IColumnFormat
{
    public string Name => "orc";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken) => new(Open(content, context, cancellationToken));

    static OrcReader Open(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var zone = context.Options.Text("time-zone") is { } name ? OrcZone.Find(name) ?? throw context.Options.Wrong("time-zone", "a name of the tz database", name) : null;
        var tail = OrcTailReader.Read(content, context.Limits);
        var schema = new OrcSchema(tail, context.Limits);
        var survey = OrcSurvey.Begin(tail, schema);
        var notes = new List<string>(schema.Notes);
        if (!survey.IsEmpty)
        {
            var places = schema.Columns.Where(c => survey.IsWanted(c.Type, tail)).ToList();
            var looked = new OrcReader(content, tail, schema, places, context.Limits, zone, survey, []);
            foreach (var batch in looked.Read(cancellationToken))
                batch.Dispose();
            notes.AddRange(survey.Settle(tail, schema));
        }

        return new(content, tail, schema, schema.Columns, context.Limits, zone, null, notes);
    }
}

/// <summary>One reading of some columns, stripe by stripe.</summary>
internal sealed class OrcReader(
    Stream content, OrcTail tail, OrcSchema schema, IReadOnlyList<(int Type, string Name)> columns, ConversionLimits limits, OrcZone? zone, OrcSurvey? survey,
    IReadOnlyList<string> notes) : IColumnReader
{
    const int MostRows = 65_536;
    const long MostBytes = 32 << 20;
    const int FlatRowsAtOnce = 1_024;
    const int NestedRowsAtOnce = 64;
    const long BytesAtOnce = 16 << 20;

    readonly OrcReading _reading = new(limits);
    bool _lacksZone;

    public DataSchema Schema { get; } = new(columns.Select(c => new DataColumn(c.Name, schema.Of(c.Type))));

    public IReadOnlyList<string> Notes =>
    [
        .. notes, .. _reading.Notes,
        .. _lacksZone ? ["The file does not say in which time zone its timestamps were written: they are read as those of UTC; the option 'time-zone' says otherwise."] : Array.Empty<string>(),
    ];

    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var batch in Read(cancellationToken))
            yield return batch;
    }

    /// <summary>The same at once: nothing is awaited, as the content is near.</summary>
    public IEnumerable<RecordBatch> Read(CancellationToken cancellationToken)
    {
        var builder = new RecordBatchBuilder(Schema);
        var packing = new OrcPacking(tail.Compression, tail.BlockSize, tail.FileLength, limits);
        var hasTimestamps = tail.Types.Any(t => t.Kind == OrcKind.Timestamp);
        foreach (var stripe in tail.Stripes)
        {
            if (stripe.Rows == 0)
                continue;
            var reader = new OrcStripeReader(content, stripe, packing, tail, schema, _reading, zone, survey);
            _lacksZone |= hasTimestamps && zone is null && !reader.HasZone;
            var present = reader.RootPresent;
            ColumnDecoder[] decoders = [.. columns.Select(c => reader.Decoder(c.Type))];
            var atOnce = RowsAtOnce(reader);
            for (var left = stripe.Rows; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = (int)Math.Min(Math.Min(left, atOnce), MostRows - builder.Count);
                _reading.BeginRows();
                ReadRows(decoders, present, builder, rows);
                left -= rows;
                if (builder.Count == MostRows || builder.Bytes >= MostBytes)
                    yield return builder.Detach();
            }
        }

        if (builder.Count > 0)
            yield return builder.Detach();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>So few that what they take stays bounded, however long the values are that they can have.</summary>
    int RowsAtOnce(OrcStripeReader stripe)
    {
        var most = Schema.Any(c => c.Type.IsNested) ? NestedRowsAtOnce : FlatRowsAtOnce;
        return stripe.LongestEntries == 0 ? most : (int)Math.Clamp(BytesAtOnce / stripe.LongestEntries, 1, most);
    }

    static void ReadRows(ColumnDecoder[] decoders, BitRuns? present, RecordBatchBuilder builder, int rows)
    {
        if (present is null)
        {
            for (var i = 0; i < decoders.Length; i++)
                decoders[i].Read(builder[i], rows);
            builder.EndRows(rows);
            return;
        }

        for (var row = 0; row < rows; row++)
        {
            var hasRow = present.Next();
            for (var i = 0; i < decoders.Length; i++)
            {
                if (hasRow)
                    decoders[i].Read(builder[i], 1);
                else
                    builder[i].AppendNull();
            }

            builder.EndRow();
        }
    }
}
