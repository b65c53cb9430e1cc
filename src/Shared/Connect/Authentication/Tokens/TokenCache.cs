using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Whose token, and how the next one is had.</summary>
/// <param name="Key">What it is kept under, see <see cref="TokenCache.KeyOf"/>.</param>
/// <param name="Kind">Kind of authentication.</param>
/// <param name="Source">Source id.</param>
/// <param name="IssueAsync">Asks the issuer, once; it is given what is kept, which may have ended, or null.</param>
internal sealed record TokenRequest(string Key, string Kind, string Source, Func<Token?, CancellationToken, Task<IssuedToken>> IssueAsync);

/// <summary>
/// Tokens of the fleet. In a process one caller asks and the others wait for it; among processes the one that takes the lease asks, by a
/// conditional write to the entry, and stores the token, sealed, before anybody uses it. A lease ends when its worker has answered, or when the
/// store says that it is old. A refusal is remembered for a while, so that an issuer in trouble is asked by one, not by all.
/// </summary>
internal sealed class TokenCache(ITokenStore store, TokenKeys keys, IConfiguration settings, TimeProvider time)
{
    static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(10);

    // One that was refused this soon after its issue will be no better the next time.
    static readonly TimeSpan Youth = TimeSpan.FromSeconds(10);

    // The store's times are whole seconds.
    static readonly TimeSpan Precision = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    TimeSpan Lease => TimeSpan.TryParse(settings["Ingestion:TokenLease"], CultureInfo.InvariantCulture, out var lease) && lease > TimeSpan.Zero ? lease : TimeSpan.FromSeconds(30);

    /// <summary>The key for credentials: a digest of the kind and its options, whose secrets are references.</summary>
    public static string KeyOf(string kind, IReadOnlyDictionary<string, string> options)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => new[] { o.Key, o.Value }).Prepend([kind]));
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text))[..40];
    }

    /// <summary>A token that is good now.</summary>
    /// <exception cref="StepFailedException">There is none to be had.</exception>
    public async Task<string> GetAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var held = _held.GetOrAdd(request.Key, _ => new());
        var now = time.GetUtcNow();
        if (held.Current is { } current && now < current.UsableUntil)
        {
            // Ahead of its end one asks for the next, and nobody waits; what goes wrong is told when it matters.
            if (now >= current.DueAt)
                _ = held.Renew(() => RenewAsync(request, held)).ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return current.Value;
        }

        return await held.Renew(() => RenewAsync(request, held)).WaitAsync(cancellationToken);
    }

    /// <summary>Called when a source refused the token that this process holds: it is not used again.</summary>
    /// <returns>Whether another one may be better.</returns>
    public bool Reject(string key) => _held.TryGetValue(key, out var held) && held.Reject(time.GetUtcNow(), Youth);

    /// <summary>Keeps what somebody's consent gave, in place of what was there.</summary>
    public async Task StoreAsync(TokenRequest request, IssuedToken issued, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.ReadAsync(request.Key, cancellationToken);
            var entry = await SealAsync(request, ToToken(issued, stored.Now), cancellationToken);
            if (await store.TryWriteAsync(request.Key, entry.ToBytes(), stored.Version, cancellationToken) is not null)
                break;
        }

        _held.TryRemove(request.Key, out _);
    }

    // Not stopped by any one caller: between the answer and the write lies a refresh token that exists nowhere else.
    async Task<string> RenewAsync(TokenRequest request, Held held)
    {
        var poll = ShortestPoll;
        while (true)
        {
            var stored = await store.ReadAsync(request.Key, CancellationToken.None);
            var entry = TokenEntry.Parse(stored.Content) ?? new() { Kind = request.Kind, Source = request.Source };
            var kept = await OpenAsync(request.Key, entry);
            var usable = kept is { Value.Length: > 0 } && kept.Value != held.Rejected && stored.Now < kept.UsableUntil;
            if (usable && stored.Now < kept!.DueAt)
                return Hold(held, kept, stored.Now);

            var isLeased = entry.Lease is not null && stored.Now - stored.ModifiedAt <= Lease + Precision;
            if (usable && (isLeased || stored.Now < entry.Fault?.NotBefore))
                return Hold(held, kept!, stored.Now, again: time.GetUtcNow() + LongestPoll);
            if (entry.Fault is { } fault && stored.Now < fault.NotBefore)
                throw new StepFailedException(fault.Failure with { RetryNotBefore = fault.Failure.IsTransient ? time.GetUtcNow() + (fault.NotBefore - stored.Now) : null });
            if (isLeased)
            {
                await Task.Delay(poll, time, CancellationToken.None);
                poll = poll * 1.5 < LongestPoll ? poll * 1.5 : LongestPoll;
                continue;
            }

            var mine = entry with { Lease = $"{Environment.MachineName}/{Guid.NewGuid():N}" };
            if (await store.TryWriteAsync(request.Key, mine.ToBytes(), stored.Version, CancellationToken.None) is { } version)
                return await IssueAsync(request, held, mine, kept, version, stored.Now);
        }
    }

    async Task<string> IssueAsync(TokenRequest request, Held held, TokenEntry entry, Token? kept, string version, DateTimeOffset asked)
    {
        IssuedToken issued;
        try
        {
            using var limit = new CancellationTokenSource(Lease * 0.8, time); // done before anybody thinks that we are gone
            issued = await IssueAsync(request, kept, limit.Token);
        }
        catch (StepFailedException refused)
        {
            var count = (entry.Fault?.Count ?? 0) + 1;
            var pause = refused.Failure switch
            {
                { IsTransient: false } => PauseAfterRefusal,
                { RetryNotBefore: { } moment } => moment - time.GetUtcNow(),
                _ => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 0.5 * Math.Pow(2, Math.Min(count, 10)))),
            };
            var noted = entry with { Lease = null, Fault = new(refused.Failure, asked + (pause < LongestPause ? pause : LongestPause), count) };
            await store.TryWriteAsync(request.Key, noted.ToBytes(), version, CancellationToken.None);
            throw;
        }

        var token = ToToken(issued, asked) with { Refresh = issued.Refresh ?? kept?.Refresh };
        var next = await SealAsync(request, token, CancellationToken.None);
        for (var written = await store.TryWriteAsync(request.Key, next.ToBytes(), version, CancellationToken.None); written is null;)
        {
            // We were slow, and somebody took over. A token of theirs is as good as ours, unless ours came with what the next one needs.
            var theirs = await store.ReadAsync(request.Key, CancellationToken.None);
            if (issued.Refresh is null && await OpenAsync(request.Key, TokenEntry.Parse(theirs.Content)) is { Value.Length: > 0 } other && other.IssuedAt > (kept?.IssuedAt ?? default))
                return Hold(held, other, theirs.Now);
            written = await store.TryWriteAsync(request.Key, next.ToBytes(), theirs.Version, CancellationToken.None);
        }

        return Hold(held, token, asked);
    }

    static async Task<IssuedToken> IssueAsync(TokenRequest request, Token? kept, CancellationToken limit)
    {
        try
        {
            return await request.IssueAsync(kept, limit);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            throw new StepFailedException(new() { Code = "timeout", Message = $"The issuer of the token for '{request.Source}' did not answer in time.", IsTransient = true }, late);
        }
    }

    string Hold(Held held, Token token, DateTimeOffset now, DateTimeOffset? again = null)
    {
        var behind = time.GetUtcNow() - now; // what our own clock is before the store's
        held.Current = new(token.Value, token.IssuedAt + behind, again ?? token.DueAt + behind, token.UsableUntil + behind);
        return token.Value;
    }

    async Task<Token?> OpenAsync(string key, TokenEntry? entry) =>
        entry?.Sealed is { } text && await keys.OpenAsync(key, text, CancellationToken.None) is { } opened ? JsonSerializer.Deserialize<Token>(opened, ContractJson.Options) : null;

    async Task<TokenEntry> SealAsync(TokenRequest request, Token token, CancellationToken cancellationToken) => new()
    {
        Kind = request.Kind,
        Source = request.Source,
        Sealed = await keys.SealAsync(request.Key, JsonSerializer.Serialize(token, ContractJson.Options), cancellationToken),
    };

    static Token ToToken(IssuedToken issued, DateTimeOffset asked) => new() { Value = issued.Value, Refresh = issued.Refresh, IssuedAt = asked, Lifetime = issued.Lifetime };

    /// <summary>What this process holds of one token; times are by its own clock.</summary>
    sealed class Held
    {
        readonly Lock _renewing = new();
        Task<string>? _renewal;

        DateTimeOffset _rejectedAt;
        volatile Good? _current;

        public Good? Current
        {
            get => _current;
            set => _current = value;
        }

        public string? Rejected { get; private set; }

        /// <summary>The renewal that is under way, or a new one.</summary>
        public Task<string> Renew(Func<Task<string>> begin)
        {
            lock (_renewing)
                return _renewal is { IsCompleted: false } running ? running : _renewal = Task.Run(begin);
        }

        public bool Reject(DateTimeOffset now, TimeSpan youth)
        {
            lock (_renewing)
            {
                if (_current is null || now - _current.IssuedAt < youth)
                    return Rejected is not null && now - _rejectedAt < youth; // another caller has rejected the one before
                (Rejected, _rejectedAt, _current) = (_current.Value, now, null);
                return true;
            }
        }
    }

    sealed record Good(string Value, DateTimeOffset IssuedAt, DateTimeOffset DueAt, DateTimeOffset UsableUntil);
}
