using System.Threading.Channels;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Writing;
using DataIngestion.Conversion.Xml;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion;

/// <summary>
/// Converts one input to typed Parquet. Memory follows the batch, never the input. The same input and request give the same bytes.
/// Thread-safe.
/// </summary>
public sealed class Converter(IFormatRecognizer recognizer)
{
    const int BatchesAhead = 2;

    /// <summary>A converter that recognises formats by their bytes.</summary>
    public Converter()
        : this(new FormatRecognizer())
    {
    }

    /// <summary>Converts.</summary>
    /// <param name="openInput">Opens the input from its start; called up to three times (recognition, inference over every value, conversion).</param>
    /// <param name="output">Receives the Parquet file; need not be seekable, is left open, and holds no readable file unless this returns.</param>
    /// <param name="rejected">Receives each record that could not become a row, in order.</param>
    /// <param name="request">What to convert, and how.</param>
    /// <param name="progress">Told after every piece read.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="ConversionException">The input as a whole cannot be converted.</exception>
    public async Task<ConversionResult> ConvertAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, Stream output, RejectedRowSink rejected, ConversionRequest request,
        IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(openInput);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(request);
        var finding = await RecognizeAsync(openInput, request, cancellationToken);
        var nulls = new NullSpellings(request.Hint.NullSpellings ?? FormatHint.DefaultNullSpellings);
        var quote = (byte)(finding.Dialect?.Quote ?? '"');
        var shape = await RecordShape.FindAsync(finding, request, Content, cancellationToken);

        var profile = new ProfilingConsumer(request, quote, nulls, rows => progress?.Report(new(1, 0, rows)));
        var profiled = NeedsProfile(finding, request);
        if (profiled)
            await ReadAsync(profile, shape, finding, request, Content, null, cancellationToken);
        else
            await NameColumnsAsync(profile, shape, finding, request, Content, cancellationToken);
        profile.Complete();
        var plan = ConversionPlan.Of(request, profile.Names, profiled ? profile.Columns : null);
        return await WriteAsync(plan, profiled ? profile : null);

        async ValueTask<(CountingStream Stored, Stream Content)> Content(Action<long>? read)
        {
            var stored = new CountingStream(await openInput(cancellationToken), read);
            return (stored, InputStreams.Open(stored, finding, request.Hint, request.Limits));
        }

        async Task<ConversionResult> WriteAsync(ConversionPlan columns, ProfilingConsumer? profiles)
        {
            var schema = OutputSchema(columns, request);
            var batches = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
            var rows = 0L;
            var consumer = new WritingConsumer(request, columns, schema, quote, nulls, rejected, batches.Writer, r => rows = r);
            await using var writer = BatchWriters.Create(output, schema, request);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var writing = Task.Run(() => DrainAsync(batches.Reader, writer, stop), CancellationToken.None);
            IReadOnlyList<string> notes = [];
            var bytesIn = 0L;
            try
            {
                (notes, bytesIn) = await ReadAsync(consumer, shape, finding, request, Content, read => progress?.Report(new(2, read, rows)), stop.Token);
                await consumer.CompleteAsync(stop.Token);
                batches.Writer.Complete();
            }
            catch (Exception failed)
            {
                batches.Writer.TryComplete(failed);
                await stop.CancelAsync();
                // If the writer failed first, its failure is the cause and this one only its echo.
                await ObserveAsync(writing, failed);
                cancellationToken.ThrowIfCancellationRequested();
                throw;
            }

            await writing;
            var summary = await writer.CompleteAsync(cancellationToken);
            if (consumer.RowsIn != summary.Rows + consumer.RowsRejected)
                throw new InvalidOperationException($"{consumer.RowsIn} records came in, {summary.Rows} went out and {consumer.RowsRejected} were rejected: the numbers do not add up.");
            return new(finding, schema, consumer.RowsIn, summary.Rows, consumer.RowsRejected, consumer.ValuesDiscarded, bytesIn, summary.Bytes,
                Report(columns, profiles, consumer, summary.Rows), [.. columns.Notes, .. notes]);
        }
    }

    static async Task ObserveAsync(Task writing, Exception failed)
    {
        try
        {
            await writing;
        }
        catch (Exception cause) when (cause is not OperationCanceledException && !ReferenceEquals(cause, failed) && failed is OperationCanceledException or ChannelClosedException)
        {
            throw;
        }
        catch (Exception echo) when (echo is OperationCanceledException || ReferenceEquals(echo, failed) || echo is ChannelClosedException)
        {
            // The reader's failure is thrown by the caller.
        }
    }

    static async Task DrainAsync(ChannelReader<RecordBatch> batches, IBatchWriter writer, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var batch in batches.ReadAllAsync(stop.Token))
            {
                using (batch)
                    await writer.WriteAsync(batch, stop.Token);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    async Task<FormatFinding> RecognizeAsync(Func<CancellationToken, ValueTask<Stream>> openInput, ConversionRequest request, CancellationToken cancellationToken)
    {
        var head = new byte[FormatRecognizer.HeadBytes];
        await using var input = await openInput(cancellationToken);
        var length = await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return Findings.Settle(recognizer.Recognize(head.AsSpan(0, length), request.Name), head.AsSpan(0, length), request);
    }

    /// <summary>The first pass is left out where nothing depends on the values.</summary>
    static bool NeedsProfile(FormatFinding finding, ConversionRequest request)
    {
        var isDelimited = finding.Dialect is not null;
        if (request.Types == TypesMode.Text && request.Schema is null)
            return !isDelimited;
        return !isDelimited || request.Schema is null || request.Policy == SchemaPolicy.Evolve || request.Schema.Any(c => c.Type.Kind == DataKind.Date);
    }

    static async Task NameColumnsAsync(
        ProfilingConsumer consumer, RecordShape shape, FormatFinding finding, ConversionRequest request,
        Func<Action<long>?, ValueTask<(CountingStream Stored, Stream Content)>> open, CancellationToken cancellationToken)
    {
        var (_, content) = await open(null);
        await using (content)
        {
            var head = new byte[FormatRecognizer.HeadBytes];
            var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            await shape.Reader(finding, request).ReadAsync(new MemoryStream(head, 0, length), consumer, cancellationToken);
        }
    }

    static async Task<(IReadOnlyList<string> Notes, long BytesIn)> ReadAsync(
        IRowConsumer consumer, RecordShape shape, FormatFinding finding, ConversionRequest request,
        Func<Action<long>?, ValueTask<(CountingStream Stored, Stream Content)>> open, Action<long>? read, CancellationToken cancellationToken)
    {
        var (stored, content) = await open(read);
        await using (content)
        {
            var notes = await shape.Reader(finding, request).ReadAsync(content, consumer, cancellationToken);
            return (notes, stored.Count);
        }
    }

    static DataSchema OutputSchema(ConversionPlan plan, ConversionRequest request)
    {
        IEnumerable<DataColumn> columns = plan.Columns.Select(c => c.Column);
        if (request.Lineage is null)
            return new(columns);
        if (plan.Columns.FirstOrDefault(c => LineageColumns.Names.Contains(c.Column.Name)) is { } taken)
            throw new ConversionException($"The input has a column '{taken.Column.Name}', which is the name of a lineage column.");
        return new([.. columns, .. LineageColumns.Columns]);
    }

    static List<ColumnReport> Report(ConversionPlan plan, ProfilingConsumer? profiles, WritingConsumer written, long rows)
    {
        var reports = new List<ColumnReport>();
        for (var i = 0; i < plan.Columns.Count; i++)
        {
            var (column, source, evidence) = (plan.Columns[i].Column, plan.Columns[i].Source, plan.Columns[i].Evidence);
            var spellings = source is not null && profiles is not null && profiles.Names.IndexOf(source) is >= 0 and var at
                ? profiles.Columns[at].NullsAs(column.Type).Spellings
                : new Dictionary<string, long>(StringComparer.Ordinal);
            reports.Add(new(column.Name, column.Type, rows - written.NullCounts[i], written.NullCounts[i], spellings, evidence));
        }

        return reports;
    }
}
