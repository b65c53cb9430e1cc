using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Keeps what was given up until a person looks at it: a row in the table <c>deadletters</c> and the whole of it in <c>control/dead-letters/{id}.json</c>.</summary>
public sealed class DeadLetterStore(StorageClients clients, BlobStore blobs, RetryMetrics metrics, TimeProvider time) : IStorageTable
{
    // A table property holds 32 Ki characters, a row 1 MiB.
    const int MaxReason = 4_000;

    readonly TableClient _table = clients.Tables.GetTableClient("deadletters");

    /// <summary>Creates the table if it is missing; adding does so too.</summary>
    public Task CreateAsync(CancellationToken cancellationToken = default) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Adds a run that failed for good. Adding the same run, dataset and step again changes nothing.</summary>
    /// <param name="failed">What failed.</param>
    /// <param name="reason">Why it is given up, in one sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DeadLetter> AddAsync(RetryArguments failed, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var now = time.GetUtcNow();
        var letter = new DeadLetter
        {
            Id = IdOf($"run\n{failed.Run}\n{failed.Dataset}\n{failed.Step}", []),
            Kind = DeadLetterKind.FailedRun,
            CreatedAt = now,
            LastFailedAt = now,
            Reason = Shorten(reason),
            Run = failed.Run,
            Source = failed.Source,
            Dataset = failed.Dataset,
            Step = failed.Step,
        };
        var body = new DeadLetterBody { Failure = failed.Failure, Request = failed.Request, Attempts = failed.Attempt };
        return await AddAsync(letter, body, cancellationToken);
    }

    /// <summary>Adds a message that could not be handled. The same bytes from the same queue are one dead letter, which opens again if it was replayed.</summary>
    /// <param name="queue">The queue it was meant for; a <c>-poison</c> behind it is taken off.</param>
    /// <param name="message">Its bytes as received, JSON or not.</param>
    /// <param name="reason">Why, in one sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DeadLetter> AddAsync(string queue, ReadOnlyMemory<byte> message, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var target = queue.EndsWith(Queues.PoisonSuffix, StringComparison.Ordinal) ? queue[..^Queues.PoisonSuffix.Length] : queue;
        var now = time.GetUtcNow();
        var (run, source) = MessageSubject.Of(message.Span);
        var letter = new DeadLetter
        {
            Id = IdOf($"message\n{target}\n", message.Span),
            Kind = DeadLetterKind.PoisonMessage,
            CreatedAt = now,
            LastFailedAt = now,
            Reason = Shorten(reason),
            Queue = target,
            Run = run,
            Source = source,
        };
        return await AddAsync(letter, new() { Message = message }, cancellationToken);
    }

    /// <summary>Dead letters, newest first.</summary>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="from"><see cref="DeadLetterPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> is not a page's <c>Next</c>.</exception>
    public async Task<DeadLetterPage> ListAsync(DeadLetterStatus? status = null, int pageSize = 50, string? from = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, 500);
        var after = from is null ? DeadLetterEntity.ListBegin
            : DeadLetterEntity.RowOf(from) ?? throw new ArgumentException($"'{from}' is not where a page begins: expected the 'next' of the page before.", nameof(from));

        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DeadLetterEntity.Partition} and RowKey gt {after} and RowKey lt {DeadLetterEntity.ListEnd}");
        if (status is { } wanted)
            filter += " and " + TableClient.CreateQueryFilter($"Status eq {wanted.ToString()}");

        // One more than the page tells whether there is a next one.
        var found = new List<DeadLetter>();
        try
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, pageSize + 1, cancellationToken: cancellationToken))
            {
                found.Add(DeadLetterEntity.Read(row));
                if (found.Count > pageSize)
                    return new(found[..pageSize], DeadLetterEntity.TokenOf(found[pageSize - 1]));
            }
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return new([], null); // nothing was ever given up
        }

        return new(found, null);
    }

    /// <summary>One dead letter, or null.</summary>
    public async Task<DeadLetter?> FindAsync(string id, CancellationToken cancellationToken = default) => (await RowAsync(id, cancellationToken))?.Letter;

    /// <summary>What a replay of it needs, or null.</summary>
    public async Task<DeadLetterBody?> FindBodyAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return DeadLetterEntity.IsId(id) ? (await blobs.ReadJsonAsync<DeadLetterBody>(BodyOf(id), cancellationToken))?.Value : null;
    }

    /// <summary>Notes a replay; noting it again changes nothing. A letter that failed again since stays open.</summary>
    /// <param name="id">Which.</param>
    /// <param name="replay">The number of this replay, from 1.</param>
    /// <param name="sentAt">When it was put back.</param>
    /// <param name="run">The run it began; null for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The letter afterwards; null when there is none.</returns>
    public async Task<DeadLetter?> MarkReplayedAsync(string id, int replay, DateTimeOffset sentAt, string? run, CancellationToken cancellationToken = default)
    {
        while (await RowAsync(id, cancellationToken) is { } found)
        {
            if (found.Letter.Replays >= replay)
                return found.Letter;
            var marked = found.Letter with
            {
                Status = found.Letter.LastFailedAt > sentAt ? DeadLetterStatus.Open : DeadLetterStatus.Replayed,
                Replays = replay,
                ReplayedAt = sentAt,
                ReplayRun = run,
            };
            if (await TryWriteAsync(marked, found.ETag, cancellationToken))
            {
                metrics.Replayed(marked.Kind);
                return marked;
            }
        }

        return null;
    }

    async Task<DeadLetter> AddAsync(DeadLetter letter, DeadLetterBody body, CancellationToken cancellationToken)
    {
        await blobs.WriteJsonOnceAsync(BodyOf(letter.Id), body, cancellationToken); // first, so that everything listed can be replayed
        while (true)
        {
            if (await RowAsync(letter.Id, cancellationToken) is not { } found)
            {
                if (!await TryWriteAsync(letter, expected: null, cancellationToken))
                    continue;
                metrics.Added(letter);
                return letter;
            }

            if (letter.Kind is DeadLetterKind.FailedRun)
                return found.Letter;
            var again = found.Letter with { Status = DeadLetterStatus.Open, LastFailedAt = letter.LastFailedAt, Reason = letter.Reason };
            if (await TryWriteAsync(again, found.ETag, cancellationToken))
            {
                metrics.Added(again);
                return again;
            }
        }
    }

    async Task<(DeadLetter Letter, ETag ETag)?> RowAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!DeadLetterEntity.IsId(id))
            return null;
        try
        {
            var row = await _table.GetEntityIfExistsAsync<TableEntity>(DeadLetterEntity.Partition, DeadLetterEntity.IdRow(id), cancellationToken: cancellationToken);
            return row.HasValue ? (DeadLetterEntity.Read(row.Value!), row.Value!.ETag) : null;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null; // no table
        }
    }

    // False when somebody else was faster.
    async Task<bool> TryWriteAsync(DeadLetter letter, ETag? expected, CancellationToken cancellationToken)
    {
        var byId = DeadLetterEntity.Write(letter, DeadLetterEntity.IdRow(letter.Id));
        var byTime = DeadLetterEntity.Write(letter, DeadLetterEntity.TimeRow(letter));
        TableTransactionAction[] both = expected is { } version
            ? [new(TableTransactionActionType.UpdateReplace, byId, version), new(TableTransactionActionType.UpsertReplace, byTime)]
            : [new(TableTransactionActionType.Add, byId), new(TableTransactionActionType.UpsertReplace, byTime)];
        try
        {
            await _table.SubmitTransactionAsync(both, cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 409 or 412)
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.Status == 404 && missing.ErrorCode == "TableNotFound")
        {
            await CreateAsync(cancellationToken);
            return false;
        }
    }

    static LakePath BodyOf(string id) => new(Containers.Control, $"dead-letters/{id}.json");

    static string IdOf(string what, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(what));
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
    }

    static string Shorten(string text) =>
        text.Length <= MaxReason ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxReason - 1]) ? MaxReason - 1 : MaxReason), "…");
}
