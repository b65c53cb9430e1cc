using System.Collections.Concurrent;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Accounts of one process, where there is no storage to share them: command-line tools and tests.</summary>
internal sealed class LocalQuotaLedger(TimeProvider time) : IQuotaLedger
{
    readonly ConcurrentDictionary<string, string> _accounts = new(StringComparer.Ordinal);

    public Task<QuotaPage> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var text = _accounts.GetValueOrDefault(key);
        var now = time.GetUtcNow();
        return Task.FromResult(new QuotaPage(text is null ? null : JsonSerializer.Deserialize<QuotaAccount>(text, ContractJson.Options), text, now, now));
    }

    public Task<bool> TryWriteAsync(string key, QuotaAccount account, string? version, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(account, ContractJson.Options);
        return Task.FromResult(version is null ? _accounts.TryAdd(key, text) : _accounts.TryUpdate(key, text, version));
    }
}
