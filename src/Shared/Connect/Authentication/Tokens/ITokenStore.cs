using System.Collections.Concurrent;

namespace DataIngestion.Connect;

/// <summary>What the fleet keeps under a key.</summary>
/// <param name="Content">The bytes; null when there are none.</param>
/// <param name="Version">For a conditional write; null when there is nothing.</param>
/// <param name="ModifiedAt">When this version was written, by the store's clock.</param>
/// <param name="Now">The store's clock.</param>
internal sealed record StoredToken(byte[]? Content, string? Version, DateTimeOffset ModifiedAt, DateTimeOffset Now);

/// <summary>Keeps tokens for all workers.</summary>
internal interface ITokenStore
{
    /// <summary>Reads what is there.</summary>
    Task<StoredToken> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes if what is there is still the version that was read.</summary>
    /// <returns>The new version; null when somebody else was faster.</returns>
    Task<string?> TryWriteAsync(string key, byte[] content, string? version, CancellationToken cancellationToken);
}

/// <summary>Keeps them in this process, for hosts without storage.</summary>
internal sealed class MemoryTokenStore(TimeProvider time) : ITokenStore
{
    readonly ConcurrentDictionary<string, StoredToken> _kept = new(StringComparer.Ordinal);
    readonly Lock _writing = new();
    int _versions;

    public Task<StoredToken> ReadAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult((_kept.GetValueOrDefault(key) ?? new(null, null, default, default)) with { Now = time.GetUtcNow() });

    public Task<string?> TryWriteAsync(string key, byte[] content, string? version, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            if (_kept.GetValueOrDefault(key)?.Version != version)
                return Task.FromResult<string?>(null);
            var next = $"{++_versions}";
            _kept[key] = new(content, next, time.GetUtcNow(), default);
            return Task.FromResult<string?>(next);
        }
    }
}
