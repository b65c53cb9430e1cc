using System.Globalization;
using DataIngestion.Contracts;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace DataIngestion.Connect;

/// <summary>
/// Changes as they are committed. A part holds whole transactions, and its position is the end of the last one; the server is told of
/// it when it is landed, and keeps its log until then.
/// </summary>
/// <param name="site">The source.</param>
/// <param name="slot">Where its changes come from.</param>
/// <param name="read">What is asked for.</param>
/// <param name="describe">A relation's columns and types, for people.</param>
/// <param name="advance">Tells the server of a position while nothing is streamed.</param>
internal sealed class PostgreSqlChangeReader(
    SourceSite site, PostgreSqlSlot slot, SourceRead read,
    Func<RelationMessage, CancellationToken, Task<string>> describe, Func<NpgsqlLogSequenceNumber, CancellationToken, Task> advance) : ISourceReader
{
    const int HeaderLength = 800;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _ending = new();
    readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);
    IAsyncEnumerator<PgOutputReplicationMessage>? _messages;
    Task<bool>? _next;

    LogicalReplicationConnection Replication => slot.Replication;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Start();
        using var lines = new PostgreSqlChangeLines();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        var last = slot.Position;
        PostgreSqlTransactionMark? transaction = null;
        var isKnown = false;
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var window = Task.Delay(read.Read.Window, site.Time, closing.Token);
        try
        {
            while (await MoveAsync(transaction is null ? window : null, cancellationToken))
            {
                switch (_messages!.Current)
                {
                    case BeginMessage begin:
                        transaction = new(begin.TransactionXid, begin.TransactionCommitTimestamp);
                        isKnown = begin.TransactionFinalLsn < slot.Position; // landed before; the server could not know
                        break;
                    case CommitMessage commit:
                        transaction = null;
                        last = NpgsqlLogSequenceNumber.Larger(last, commit.TransactionEndLsn);
                        break;
                    case RelationMessage relation:
                        await NoteAsync(relation, headers, cancellationToken);
                        break;
                    case var change when transaction is { } mark && !isKnown:
                        var added = lines.AddAsync(change, mark, cancellationToken);
                        if (added.IsCompleted)
                            await added;
                        else
                            await added.AsTask().WaitAsync(site.Connection.Limits.AttemptTimeout, site.Time, cancellationToken);
                        break;
                }

                if (lines.IsFull)
                    await lines.FlushAsync(destination, cancellationToken);
                if (transaction is null && (lines.Records >= read.Read.WindowRecords || lines.Bytes >= read.Read.ArtefactBytes))
                    break;
            }
        }
        catch (Exception fault) when (PostgreSqlFailures.Is(fault))
        {
            throw PostgreSqlFailures.Of(site, fault);
        }
        finally
        {
            await closing.CancelAsync();
        }

        await lines.FlushAsync(destination, cancellationToken);
        if (lines.Records > 0)
            return Part(last, lines.Records, headers);

        // Nothing of ours, but the server has moved on: everything up to here was sent, and the log behind it is not needed.
        await ConfirmAsync(NpgsqlLogSequenceNumber.Larger(last, Replication.LastReceivedLsn), cancellationToken);
        return null;
    }

    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        if (part.Position is { } position && NpgsqlLogSequenceNumber.TryParse(position, out var lsn))
            await ConfirmAsync(lsn, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            if (_next is not null)
                await _next.WaitAsync(Patience, CancellationToken.None);
        }
        catch (Exception fault) when (fault is OperationCanceledException || PostgreSqlFailures.Is(fault))
        {
            // It was told to end, or is broken, which whoever read has been told.
        }

        try
        {
            await Replication.DisposeAsync().AsTask().WaitAsync(Patience, CancellationToken.None);
        }
        catch (Exception fault) when (fault is InvalidOperationException || PostgreSqlFailures.Is(fault))
        {
            // It stands in the middle of a message that never ends; the socket goes with it.
        }

        _ending.Dispose();
    }

    void Start()
    {
        if (_messages is not null)
            return;
        var options = new PgOutputReplicationOptions(slot.Publication, PgOutputProtocolVersion.V1, binary: false);
        _messages = Replication.StartReplication(new PgOutputReplicationSlot(slot.Slot), options, _ending.Token, slot.Position).GetAsyncEnumerator(_ending.Token);
        _next = _messages.MoveNextAsync().AsTask();
    }

    // Moves to the next message; false when the window closes before there is one.
    async Task<bool> MoveAsync(Task? window, CancellationToken cancellationToken)
    {
        _next ??= _messages!.MoveNextAsync().AsTask();
        if (window is not null && !_next.IsCompleted && await Task.WhenAny(_next, window) == window && !_next.IsCompleted)
        {
            await window; // cancelled, perhaps
            return false;
        }

        if (window?.IsCompletedSuccessfully is true)
            return false;
        await SpokenAsync(_next, cancellationToken);
        var moved = await _next;
        _next = null;
        return moved ? true : throw site.Fail("source-unavailable", "The server ended the stream.", isTransient: true);
    }

    // In the middle of a transaction the server has more to say, and the driver does not notice when it has gone silent.
    async Task SpokenAsync(Task next, CancellationToken cancellationToken)
    {
        while (!next.IsCompleted)
        {
            var before = Replication.LastReceivedLsn;
            try
            {
                await next.WaitAsync(site.Connection.Limits.AttemptTimeout, site.Time, cancellationToken);
            }
            catch (TimeoutException) when (Replication.LastReceivedLsn != before)
            {
                // It passes over changes of other tables and says so.
            }
        }
    }

    async Task ConfirmAsync(NpgsqlLogSequenceNumber lsn, CancellationToken cancellationToken)
    {
        try
        {
            if (_messages is null)
            {
                await advance(lsn, cancellationToken); // of an earlier attempt; perhaps there is nothing to read any more
                return;
            }

            if (lsn <= Replication.LastFlushedLsn)
                return;
            Replication.SetReplicationStatus(lsn);
            await Replication.SendStatusUpdate(cancellationToken);
        }
        catch (Exception fault) when (PostgreSqlFailures.Is(fault))
        {
            throw PostgreSqlFailures.Of(site, fault);
        }
    }

    async Task NoteAsync(RelationMessage relation, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var table = SqlName.Format(relation.Namespace, relation.RelationName);
        var columns = await describe(relation, cancellationToken);
        columns = columns.Length > HeaderLength ? $"{columns[..HeaderLength]}…" : columns;
        if (_columns.TryGetValue(table, out var before) && before != columns)
            headers[$"columnsBefore.{table}"] = before;
        headers[$"columns.{table}"] = _columns[table] = columns;
    }

    SourcePart Part(NpgsqlLogSequenceNumber lsn, long records, Dictionary<string, string> headers) => new()
    {
        Name = $"{read.Dataset.Dataset}-changes-{lsn.ToString().Replace('/', '-')}.ndjson",
        Position = lsn.ToString(),
        KnownAt = site.Time.GetUtcNow(),
        ContentType = MessageLines.ContentType,
        Records = records,
        Headers = headers,
    };
}

/// <summary>All rows of the tables as they were when the slot began, as one part; the changes follow with the next run.</summary>
internal sealed class PostgreSqlSnapshotReader(SourceSite site, PostgreSqlSlot slot, SourceRead read, IReadOnlyList<SqlScan> scans, NpgsqlConnection session, NpgsqlTransaction transaction) : ISourceReader
{
    bool _done;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (_done)
            return null;
        _done = true;
        var records = 0L;
        var every = read with { Dataset = read.Dataset with { Read = read.Read with { ArtefactBytes = long.MaxValue } } };
        foreach (var scan in scans)
        {
            await using var rows = new PostgreSqlCopyReader(site, session, null, every, scan, PostgreSqlFormat.Ndjson, TimeSpan.FromDays(1));
            records += (await rows.ReadNextAsync(destination, cancellationToken))?.Records ?? 0;
        }

        return records == 0 ? null : new()
        {
            Name = $"{read.Dataset.Dataset}-snapshot.ndjson",
            Position = slot.Position.ToString(),
            KnownAt = site.Time.GetUtcNow(),
            ContentType = MessageLines.ContentType,
            Records = records,
            Headers = new Dictionary<string, string> { ["snapshot"] = slot.Position.ToString() },
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await slot.Replication.DisposeAsync(); // the snapshot ends with it
        await transaction.DisposeAsync();
    }
}
