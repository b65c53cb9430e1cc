using System.Collections.Concurrent;
using System.Globalization;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Reads what references refer to. Settings are read each time; what lies in stores is kept for the setting <c>Ingestion:SecretLifetime</c>
/// (default one minute), and longer while its store does not answer.
/// </summary>
internal sealed class SecretReader(IEnumerable<ISecretStore> stores, IConfiguration settings, TimeProvider time)
{
    readonly ISecretStore[] _stores = [.. stores];
    readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    TimeSpan Lifetime => TimeSpan.TryParse(settings["Ingestion:SecretLifetime"], CultureInfo.InvariantCulture, out var lifetime) && lifetime >= TimeSpan.Zero ? lifetime : TimeSpan.FromMinutes(1);

    /// <summary>The values behind the references of a connection and a request to it.</summary>
    /// <exception cref="StepFailedException">A store refuses, or does not answer. A value that is missing fails when it is needed.</exception>
    public async Task<SourceSecrets> ReadAsync(ConnectionDefinition connection, SourceRequest? request, CancellationToken cancellationToken)
    {
        var names = SourceSecrets.NamesIn(connection, request);
        var values = await ReadAsync(names, anew: false, cancellationToken);
        return new(connection, name => values.GetValueOrDefault(name), request, stop => ReadAsync(names, anew: true, stop));
    }

    /// <summary>A text of the settings with its references resolved.</summary>
    public async Task<string> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        var values = await ReadAsync([.. SecretReference.NamesIn(text)], anew: false, cancellationToken);
        return SecretReference.Resolve(text, name => values.GetValueOrDefault(name));
    }

    async Task<IReadOnlyDictionary<string, string>> ReadAsync(IReadOnlyCollection<string> names, bool anew, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var store = Array.Find(_stores, s => name.StartsWith(s.Prefix, StringComparison.Ordinal));
            if ((store is null ? settings[name] : await KeptAsync(store, name, anew, cancellationToken)) is { } value)
                values[name] = value;
        }

        return values;
    }

    async Task<string?> KeptAsync(ISecretStore store, string name, bool anew, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var kept = _kept.GetOrAdd(name, _ => new());
        await kept.Turn.WaitAsync(cancellationToken); // many that ask at once read once
        try
        {
            if (kept.ReadAt is { } readAt && (anew ? readAt > asked : time.GetElapsedTime(readAt) < Lifetime))
                return kept.Value;
            var began = time.GetTimestamp();
            try
            {
                kept.Value = await store.FindAsync(name[store.Prefix.Length..], cancellationToken);
            }
            catch (StepFailedException away) when (away.Failure.IsTransient && kept.Value is not null)
            {
                return kept.Value; // a store that is away for a minute stops nobody
            }

            kept.ReadAt = began;
            return kept.Value;
        }
        finally
        {
            kept.Turn.Release();
        }
    }

    sealed class Kept
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public string? Value { get; set; }

        public long? ReadAt { get; set; }
    }
}
