using System.Threading.Channels;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Reads a format that cannot be read in blocks: one thread at a time reads and parses, while batches are encoded on the others.
/// Numbers, lines and offsets of its blocks count from the input's start.
/// </summary>
internal sealed class RowWisePipeline(ConversionRequest request, WritingConsumer consumer, KeptRecords? records, int threads) : IRowConsumer
{
    const int BatchRows = 65_536;
    const long BatchBytes = 32 << 20;
    const int BatchesAhead = 2;
    readonly Channel<ParsedBlock> _batches = Channel.CreateBounded<ParsedBlock>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
    readonly RowJudge _judge = new(request.Checks, request.Limits.MaxRawCharacters);
    readonly List<ParsedBlock> _ready = [];

    public ColumnNames Names => consumer.Names;

    /// <param name="take">Takes the blocks, which are its own from then on.</param>
    /// <returns>What people should know about the input.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IRowReader reader, Stream content, Func<ParsedBlock, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = new TaskFactory(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler);
        var reading = tasks.StartNew(() => ReadAsync(reader, content, stop.Token), CancellationToken.None).Unwrap();
        try
        {
            await tasks.StartNew(
                async () =>
                {
                    await foreach (var block in _batches.Reader.ReadAllAsync(stop.Token))
                        await take(block, stop.Token);
                },
                CancellationToken.None).Unwrap();
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
            foreach (var left in _ready)
                left.Release();
            while (_batches.Reader.TryRead(out var left))
                left.Release();
        }

        return await reading;
    }

    /// <summary>Never fails: a failure goes to the one who takes, after the blocks before it.</summary>
    async Task<IReadOnlyList<string>> ReadAsync(IRowReader reader, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            var notes = await reader.ReadAsync(content, this, cancellationToken);
            Finish();
            await PumpAsync(cancellationToken);
            _batches.Writer.Complete();
            return notes;
        }
        catch (Exception failed)
        {
            _batches.Writer.Complete(failed is FrozenRowException frozen ? frozen.After(0, 0) : failed);
            return [];
        }
    }

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        consumer.Row(bytes, cells, place, raw);
        FinishIfFull();
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
        consumer.Reject(place, column, rule, expected, raw);
        FinishIfFull();
    }

    void FinishIfFull()
    {
        if (consumer.Rows >= BatchRows || ((consumer.Rows & 255) == 0 && consumer.Builder.Bytes >= BatchBytes))
            Finish();
    }

    void Finish()
    {
        var block = consumer.Take();
        _judge.Judge(block, (rows, found) => records?.Find(rows, found));
        records?.Clear();
        _ready.Add(block);
    }

    public async ValueTask PumpAsync(CancellationToken cancellationToken)
    {
        for (; _ready.Count > 0; _ready.RemoveAt(0))
            await _batches.Writer.WriteAsync(_ready[0], cancellationToken);
    }
}
