using System.Collections.Concurrent;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>The quotas of all keys that this process uses.</summary>
internal sealed class QuotaBroker(IQuotaLedger ledger, TimeProvider time, Random random, ILogger<QuotaBroker> logger) : IAsyncDisposable, IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<QuotaGate>> _gates = new(StringComparer.Ordinal);

    // Processes are told apart, not machines: one that starts again must not take what its predecessor still had under way.
    readonly string _worker = $"{Environment.MachineName}-{Guid.NewGuid():n}";
    int _count;

    /// <summary>The quota of a source; null where it has none.</summary>
    public QuotaGate? Of(string source, ConnectionDefinition connection)
    {
        if (connection.Limits.Quota is not { } quota)
            return null;
        var key = quota.Key ?? KeyOf(source, connection.Auth);

        // One gate for each way in which a key is configured: while old and new runs overlap, each keeps to its own and both to the account.
        var alike = $"{key}/{string.Join(',', quota.Limits().Select(l => $"{l.Permits}:{l.Per.Ticks}"))}";
        return _gates.GetOrAdd(alike, _ => new(() => new(key, quota, $"{_worker}-{Interlocked.Increment(ref _count)}", new(), ledger, time, random, logger))).Value;
    }

    /// <summary>Gives everything back.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_gates.Values.Select(g => g.Value.DisposeAsync().AsTask()));

    /// <summary>For containers that are disposed of in the old way.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    // Vendors count by credential. The names of references say which it is, and are no secret.
    static string KeyOf(string source, AuthenticationDefinition? auth)
    {
        var names = auth is null ? [] : auth.Options.Values.SelectMany(SecretReference.NamesIn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? source : $"{source}/{string.Join('+', names)}";
    }
}
