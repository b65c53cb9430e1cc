using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>One pass over Avro data: each batch is decoded while the one before is worked on.</summary>
internal abstract class AvroReader(AvroRows rows, IReadOnlyList<string> notes) : IColumnReader
{
    public DataSchema Schema => rows.Schema;

    public IReadOnlyList<string> Notes => [.. notes, .. rows.Notes];

    protected AvroRows Rows => rows;

    /// <summary>Decodes until the batch is full or the content ends.</summary>
    protected abstract ValueTask FillAsync(CancellationToken cancellationToken);

    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = Task.Run(() => NextAsync(stop.Token), stop.Token);
        try
        {
            while (await next is { } batch)
            {
                next = Task.Run(() => NextAsync(stop.Token), stop.Token);
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompletedSuccessfully)
                (await next)?.Dispose();
        }
    }

    async Task<RecordBatch?> NextAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        return rows.IsEmpty ? null : rows.Detach();
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Reads an object container file.</summary>
internal sealed class AvroContainerReader(AvroContainer blocks, AvroRows rows, IReadOnlyList<string> notes) : AvroReader(rows, notes)
{
    long _left;
    int _at;

    protected override async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (!Rows.IsFull && (_left > 0 || await NextBlockAsync(cancellationToken)))
        {
            _left -= Rows.Decode(blocks.Data.Span[_at..], _left, out var used, out var isCut);
            _at += used;
            if (isCut)
                throw blocks.Damaged($"record {Rows.Count + 1} reaches beyond its end");
            if (_left == 0 && _at < blocks.Data.Length)
                throw blocks.Damaged($"{blocks.Data.Length - _at} bytes are left over behind its {blocks.Records} records");
        }
    }

    async ValueTask<bool> NextBlockAsync(CancellationToken cancellationToken)
    {
        if (!await blocks.NextAsync(cancellationToken))
            return false;
        (_left, _at) = (blocks.Records, 0);
        Rows.Grant(blocks.Data.Length);
        try
        {
            Rows.CheckCount(_left, blocks.Data.Length);
        }
        catch (InvalidDataException wrong)
        {
            throw blocks.Damaged(wrong.Message, wrong);
        }

        return _left > 0 || blocks.Data.Length == 0 ? true : throw blocks.Damaged($"it has {blocks.Data.Length} bytes and no record");
    }

    public override ValueTask DisposeAsync()
    {
        blocks.Dispose();
        return base.DisposeAsync();
    }
}
