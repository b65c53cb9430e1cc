using DataIngestion.Conversion.Columns;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Identifiers;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>One conversion: finds the types, in one reading with the conversion where that can be, and writes.</summary>
internal sealed class ConversionRun(ConversionInput input, Stream output, RejectedRowSink rejected, int blockBytes)
{
    /// <summary>How often a plan made from the first records may fail before every value is looked at first.</summary>
    const int MostAttempts = 4;
    readonly ConversionRequest _request = input.Request;

    /// <summary>Whether the plan depends on values, or on columns that only the whole input tells.</summary>
    bool NeedsProfile
    {
        get
        {
            var isDelimited = input.Finding.Dialect is not null;
            if (_request.Types == TypesMode.Text && _request.Schema is null)
                return !isDelimited;
            return !isDelimited || _request.Schema is null || _request.Policy == SchemaPolicy.Evolve || _request.Schema.Any(c => ColumnFit.DependsOnValues(c.Type));
        }
    }

    /// <summary>Converts a format that is read row by row.</summary>
    public async Task<ConversionResult> RowWiseAsync(RecordShape shape, CancellationToken cancellationToken)
    {
        var profiled = NeedsProfile;
        var profile = profiled
            ? await InputProfile.OfRowsAsync(input, shape.Reader(input.Finding, _request), cancellationToken)
            : await InputProfile.OfHeaderAsync(input, shape.Reader(input.Finding, _request), cancellationToken);
        var plan = PlanOf(profile, profiled);
        return await WriteAsync(plan, profiled ? profile : null, null, true, async (schema, content, delivery) =>
        {
            var records = _request.Checks.Count > 0 ? new KeptRecords(_request.Limits.MaxRawCharacters * 4) : null;
            var consumer = new WritingConsumer(_request, plan, schema, input.Quote, input.Nulls, false, records);
            var pipeline = new RowWisePipeline(_request, consumer, records, input.Threads);
            var notes = await pipeline.RunAsync(shape.Reader(input.Finding, _request), content, delivery.TakeAsync, cancellationToken);
            return [.. notes, .. (content as INotes)?.Notes ?? []];
        }, cancellationToken);
    }

    /// <summary>Converts a format that is read in blocks.</summary>
    public async Task<ConversionResult> InBlocksAsync(IBlockFormat format, InputHead head, CancellationToken cancellationToken)
    {
        if (!NeedsProfile || head.IsWhole)
            return await WriteBlocksAsync(format, head, PlanOf(head.Profile, NeedsProfile), NeedsProfile ? head.Profile : null, null, cancellationToken);

        var began = output.CanSeek ? output.Position : -1;
        var seen = head.Profile;
        for (var attempt = 0; began >= 0 && attempt < MostAttempts; attempt++)
        {
            var foreseen = PlanOf(seen, true);
            if (TypeWatch.For(input, foreseen, seen) is not { } watch)
                break;
            try
            {
                return await WriteBlocksAsync(format, head, foreseen, seen, watch, cancellationToken);
            }
            catch (PlanChangedException changed)
            {
                output.Position = began;
                output.SetLength(began);
                seen = watch.Seen;
                if (!changed.CanTryAgain)
                    break;
            }
        }

        var profile = await InputProfile.OfBlocksAsync(input, format, SizeOf(head), head.Profile, cancellationToken);
        return await WriteBlocksAsync(format, head, PlanOf(profile, true), profile, null, cancellationToken);
    }

    /// <summary>Converts a format that holds typed columns; anew with wider types where its values break those that it declares.</summary>
    public async Task<ConversionResult> OfColumnsAsync(IColumnFormat format, CancellationToken cancellationToken)
    {
        var began = output.CanSeek ? output.Position : -1;
        var told = 0L; // the last row that was rejected: an attempt begins with the same rows
        ValueTask RejectAsync(RejectedRow row, CancellationToken stop)
        {
            if (row.Row < told)
                return ValueTask.CompletedTask;
            told = row.Row;
            return rejected(row, stop);
        }

        while (true)
        {
            try
            {
                return await OfColumnsAsync(format, RejectAsync, began >= 0, cancellationToken);
            }
            catch (TypesOutgrownException)
            {
                output.Position = began;
                output.SetLength(began);
                told++;
            }
        }
    }

    async Task<ConversionResult> OfColumnsAsync(IColumnFormat format, RejectedRowSink sink, bool mayBeginAnew, CancellationToken cancellationToken)
    {
        await using var pass = await input.OpenAsync(2, cancellationToken);
        try
        {
            await using var reader = await format.OpenAsync(pass.Content, input.Context, cancellationToken);
            var plan = TypedPlan.Of(_request, reader.Schema);
            return await WriteAsync(plan, null, null, true, pass, async (schema, delivery) =>
            {
                var fitter = new BatchFitter(_request, plan, schema, input.Nulls);
                await foreach (var batch in reader.ReadAsync(cancellationToken))
                {
                    using (batch)
                        await delivery.TakeAsync(fitter.Fit(batch), cancellationToken);
                }

                return reader.Notes;
            }, cancellationToken, sink);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or NotSupportedException || (wrong is TypesOutgrownException && !mayBeginAnew))
        {
            throw new ConversionException(wrong.Message, inner: wrong);
        }
    }

    ConversionPlan PlanOf(InputProfile profile, bool profiled) => ConversionPlan.Of(_request, profile.Names, profiled ? profile.Columns : null, input.Declared);

    PipelineSize SizeOf(InputHead head) => new(input.Threads, head.Bytes, blockBytes, Math.Min(_request.Limits.MaxRecordBytes, Array.MaxLength / 2) + 2);

    Task<ConversionResult> WriteBlocksAsync(
        IBlockFormat format, InputHead head, ConversionPlan plan, InputProfile? profile, TypeWatch? watch, CancellationToken cancellationToken)
    {
        var known = (profile ?? head.Profile).AllNames;
        return WriteAsync(plan, profile, watch, false, async (schema, content, delivery) =>
        {
            var pipeline = new BlockPipeline<ParsedBlock>(format, SizeOf(head), () => new WritingWorker(format, input, plan, schema, known, watch?.Strict));
            await pipeline.RunAsync(content, delivery.TakeAsync, cancellationToken);
            return (content as INotes)?.Notes ?? [];
        }, cancellationToken);
    }

    /// <param name="profile">What was seen; null if nothing had to be.</param>
    /// <param name="read">Reads the content and delivers it; tells what people should know about it.</param>
    async Task<ConversionResult> WriteAsync(
        ConversionPlan plan, InputProfile? profile, TypeWatch? watch, bool isNumbered,
        Func<DataSchema, Stream, Delivery, Task<IReadOnlyList<string>>> read, CancellationToken cancellationToken)
    {
        await using var pass = await input.OpenAsync(2, cancellationToken);
        return await WriteAsync(plan, profile, watch, isNumbered, pass, (schema, delivery) => read(schema, pass.Content, delivery), cancellationToken);
    }

    async Task<ConversionResult> WriteAsync(
        ConversionPlan plan, InputProfile? profile, TypeWatch? watch, bool isNumbered, InputPass pass,
        Func<DataSchema, Delivery, Task<IReadOnlyList<string>>> read, CancellationToken cancellationToken, RejectedRowSink? sink = null)
    {
        var schema = OutputSchema(plan);
        await using var writer = BatchWriters.Create(output, schema, _request with { Parquet = _request.Parquet with { Threads = input.Threads } });
        var delivery = new Delivery(input, plan, writer, sink ?? rejected, watch, pass, isNumbered);
        var notes = await read(schema, delivery);
        var summary = await delivery.CompleteAsync(cancellationToken);
        return new(
            input.Finding, IdentifierNote.Add(schema, delivery.Identifiers), delivery.RowsIn, summary.Rows, delivery.RowsRejected, delivery.ValuesDiscarded, pass.Bytes, summary.Bytes,
            Report(watch?.Explained() ?? plan, profile, watch, delivery, summary.Rows), [.. plan.Notes, .. notes, .. delivery.Notes]);
    }

    DataSchema OutputSchema(ConversionPlan plan)
    {
        IEnumerable<DataColumn> columns = plan.Columns.Select(c => c.Column);
        if (_request.Lineage is null)
            return new(columns);
        if (plan.Columns.FirstOrDefault(c => LineageColumns.Names.Contains(c.Column.Name)) is { } taken)
            throw new ConversionException($"The input has a column '{taken.Column.Name}', which is the name of a lineage column.");
        return new([.. columns, .. LineageColumns.Columns]);
    }

    static List<ColumnReport> Report(ConversionPlan plan, InputProfile? profile, TypeWatch? watch, Delivery written, long rows)
    {
        var reports = new List<ColumnReport>();
        for (var i = 0; i < plan.Columns.Count; i++)
        {
            var (column, source, evidence) = (plan.Columns[i].Column, plan.Columns[i].Source, plan.Columns[i].Evidence);
            IReadOnlyDictionary<string, long> spellings = new Dictionary<string, long>(StringComparer.Ordinal);
            if (source is not null && watch is not null)
                spellings = Sum(written.NullSpellings[i], watch.NullSpellings(source, column.Type));
            else if (source is not null && profile is not null && profile.Names.IndexOf(source) is >= 0 and var at)
                spellings = profile.Columns[at].NullsAs(column.Type).Spellings;
            var whole = watch is null && source is not null && profile is not null && profile.Names.IndexOf(source) is >= 0 and var place ? profile.Columns[place] : null;
            reports.Add(new(column.Name, column.Type, rows - written.NullCounts[i], written.NullCounts[i], spellings, evidence)
            {
                Details = whole is null ? null : ColumnEvidence.Of(whole, plan.Columns[i]),
                Identifier = written.Identifiers[i],
            });
        }

        return reports;
    }

    static SortedDictionary<string, long> Sum(IReadOnlyDictionary<string, long> left, IReadOnlyDictionary<string, long> right)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (text, count) in left.Concat(right))
            sums[text] = sums.GetValueOrDefault(text) + count;
        return sums;
    }
}
