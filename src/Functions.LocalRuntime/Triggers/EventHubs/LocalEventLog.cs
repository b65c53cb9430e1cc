using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.LocalRuntime.Triggers.Queues;
using Microsoft.Data.Sqlite;

namespace DataIngestion.LocalRuntime.Triggers.EventHubs;

/// <summary>
/// The local stand-in for Event Hubs: partitioned, append-only hubs with consumer groups and checkpoints in one SQLite file.
/// Several processes may use the file; appends are durable against the death of a process when they return.
/// </summary>
public sealed class LocalEventLog : IAsyncDisposable
{
    /// <summary>Name of the file within the host's data folder.</summary>
    public const string FileName = "event-log.db";

    const int PageSize = 500;
    const int TrimEvery = 1000;
    static readonly TimeSpan PollOthers = TimeSpan.FromMilliseconds(250);

    readonly LocalEventLogOptions _options;
    readonly TimeProvider _time;
    readonly EventLogStore _store;
    readonly SemaphoreSlim _writing = new(1, 1);
    readonly Wakeup _appended = new();
    long _sinceTrim = TrimEvery; // so that the first append of a process trims what has grown old since

    /// <param name="path">The file; made if missing.</param>
    /// <param name="options">Retention and partitions; null for the defaults.</param>
    /// <param name="time">The clock of time stamps and retention; null for the system's.</param>
    public LocalEventLog(string path, LocalEventLogOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Partitions, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Partitions, 32, nameof(options));
        _time = time ?? TimeProvider.System;
        _store = new(path);
    }

    /// <summary>Appends events in one transaction and returns their sequence numbers.</summary>
    public async Task<IReadOnlyList<long>> AppendAsync(string hub, IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(hub);
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return [];

        IReadOnlyList<long> sequences;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var now = _time.GetUtcNow();
            sequences = _store.Append(hub, events, _options.Partitions, now);
            _sinceTrim += events.Count;
            if (_sinceTrim >= TrimEvery)
            {
                _store.Trim(hub, now - _options.MaxAge, _options.MaxBytes);
                _sinceTrim = 0;
            }
        }
        finally
        {
            _writing.Release();
        }

        _appended.Signal();
        return sequences;
    }

    /// <summary>Appends one event with a text body.</summary>
    public Task AppendAsync(string hub, string text, string? partitionKey = null, CancellationToken cancellationToken = default) =>
        AppendAsync(hub, [new(Encoding.UTF8.GetBytes(text), partitionKey)], cancellationToken);

    /// <summary>The events of a hub in order of sequence, from the first that is not below <paramref name="fromSequence"/>.</summary>
    /// <param name="hub">A hub nobody has sent to is empty.</param>
    /// <param name="fromSequence">0 for all that are kept.</param>
    /// <param name="follow">Whether to wait for further events instead of ending after the last.</param>
    /// <param name="cancellationToken">Ends a follow.</param>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(
        string hub, long fromSequence = 0, bool follow = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var appended = _appended.Next;
            var page = _store.Read(hub, partition: null, fromSequence, PageSize);
            foreach (var each in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return each;
                fromSequence = each.Sequence + 1;
            }

            if (page.Count == PageSize)
                continue;
            if (!follow)
                yield break;
            await WaitAsync(appended, cancellationToken);
        }
    }

    /// <summary>Names of the hubs that were sent to.</summary>
    public IReadOnlyList<string> Hubs() => _store.Hubs();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        _store.Dispose();
        _writing.Dispose();
    }

    /// <summary>The number of partitions of a hub, which is made if it is missing.</summary>
    internal int PartitionsOf(string hub) => _store.PartitionsOf(hub, _options.Partitions);

    /// <summary>Take it before reading, and wait for it with <see cref="WaitAsync"/> when there was nothing.</summary>
    internal Task Appended => _appended.Next;

    /// <summary>Up to <paramref name="limit"/> events of a partition beyond a group's checkpoint.</summary>
    internal IReadOnlyList<LoggedEvent> ReadNext(string hub, string group, int partition, int limit) =>
        _store.Read(hub, partition, _store.Checkpoint(hub, group, partition) + 1, limit);

    /// <summary>Moves a group's checkpoint to <paramref name="sequence"/>.</summary>
    internal async Task CheckpointAsync(string hub, string group, int partition, long sequence)
    {
        await _writing.WaitAsync();
        try
        {
            _store.SetCheckpoint(hub, group, partition, sequence);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits for an append by this process, or long enough that one by another process will have been made.</summary>
    internal static async Task WaitAsync(Task appended, CancellationToken cancellationToken)
    {
        try
        {
            await appended.WaitAsync(PollOthers, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Another process may have appended.
        }
    }
}
