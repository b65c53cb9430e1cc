using System.Collections.Concurrent;
using System.Threading.Channels;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>How much of a machine a pipeline takes.</summary>
/// <param name="Threads">Threads that work at any time, from 1.</param>
/// <param name="FirstBytes">Bytes of the content that hold the format's head.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="MostBytes">Bytes of the longest record.</param>
internal sealed record PipelineSize(int Threads, int FirstBytes, int BlockBytes, int MostBytes);

/// <summary>
/// Reads a stream in blocks, works on several at once and hands over the results in order. Reading, working and the taking of results share
/// <see cref="PipelineSize.Threads"/> threads, none of which has a fixed role. Few blocks are under way at any time, so memory follows their size.
/// Where a block turns out to end elsewhere than foreseen, the rest of it is put before the next one, which is worked on again.
/// </summary>
internal sealed class BlockPipeline<T>(IBlockFormat format, PipelineSize size, Func<IBlockWorker<T>> createWorker)
    where T : BlockResult
{
    readonly ConcurrentBag<IBlockWorker<T>> _idle = [];
    readonly TaskFactory _tasks = new(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, size.Threads).ConcurrentScheduler);

    /// <summary>Blocks that were worked on again because the one before ended elsewhere than foreseen.</summary>
    public int Repeated { get; private set; }

    /// <param name="take">Takes the results, which are its own from then on.</param>
    /// <exception cref="Exception">Whatever the stream, a worker or <paramref name="take"/> throws first in the order of the content. Nothing runs on after it.</exception>
    public async Task RunAsync(Stream content, Func<T, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(size.Threads + 1) { SingleReader = true, SingleWriter = true });
        var reading = _tasks.StartNew(() => ReadAsync(content, queue.Writer, stop.Token), CancellationToken.None).Unwrap();
        try
        {
            await _tasks.StartNew(() => TakeAsync(queue.Reader, take, stop.Token), CancellationToken.None).Unwrap();
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
            while (queue.Reader.TryRead(out var left))
                await left.DiscardAsync();
        }
    }

    sealed record Pending(Block Block, Task<T> Work)
    {
        public async Task DiscardAsync()
        {
            await DiscardWorkAsync();
            Block.Dispose();
        }

        /// <summary>Waits for the work, whatever becomes of it: it was on the wrong bytes, or nobody wants it any more.</summary>
        public async Task DiscardWorkAsync()
        {
            await Work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (Work.IsCompletedSuccessfully)
                (await Work).Release();
            else
                _ = Work.Exception;
        }
    }

    /// <summary>Never fails: a failure goes to the one who takes, after the blocks before it.</summary>
    async Task ReadAsync(Stream content, ChannelWriter<Pending> queue, CancellationToken cancellationToken)
    {
        try
        {
            using var source = new BlockSource(content, format, size.FirstBytes, size.BlockBytes, size.MostBytes);
            while (await source.NextAsync(cancellationToken) is { } block)
            {
                var pending = new Pending(block, StartAsync(block, block.IsFirst ? BlockStart.Content : BlockStart.Record, cancellationToken));
                try
                {
                    await queue.WriteAsync(pending, cancellationToken);
                }
                catch
                {
                    await pending.DiscardAsync();
                    throw;
                }
            }

            queue.Complete();
        }
        catch (Exception failed)
        {
            queue.Complete(failed);
        }
    }

    Task<T> StartAsync(Block block, BlockStart start, CancellationToken cancellationToken) => _tasks.StartNew(
        () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var worker = _idle.TryTake(out var idle) ? idle : createWorker();
            var result = worker.Run(block, start, cancellationToken);
            _idle.Add(worker);
            return result;
        },
        CancellationToken.None);

    async Task TakeAsync(ChannelReader<Pending> queue, Func<T, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        var carry = new Carry();
        try
        {
            await foreach (var pending in queue.ReadAllAsync(cancellationToken))
            {
                var (block, work) = pending;
                if (!carry.IsEmpty)
                {
                    await pending.DiscardWorkAsync();
                    block = carry.Join(block);
                    if (!carry.IsEnough(block))
                        continue;
                    Repeated++;
                    work = StartAsync(block, carry.Start, cancellationToken);
                }

                T result;
                try
                {
                    result = await work;
                    carry.Keep(block, result);
                }
                finally
                {
                    block.Dispose();
                }

                await take(result, cancellationToken);
            }
        }
        finally
        {
            carry.Dispose();
        }
    }
}
