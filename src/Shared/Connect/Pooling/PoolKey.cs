using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Which runs share connections and limits: those of the same source that are configured alike. Every command brings a definition of its
/// own, so it is the content that counts, not the object. Secrets are references in it.
/// </summary>
internal static class PoolKey
{
    static readonly ConditionalWeakTable<object, string> Digests = [];

    /// <summary>Key of the source's connections.</summary>
    public static string Of(SourceDefinition source) => $"{source.Source}/{DigestOf(source.Connection!)}";

    /// <summary>Key of the source's limits: its connections may change without its limits being counted anew.</summary>
    public static string Of(string source, LimitsDefinition limits) => $"{source}/{DigestOf(limits)}";

    /// <summary>The source in a key.</summary>
    public static string SourceOf(string key) => key[..key.LastIndexOf('/')];

    static string DigestOf<T>(T definition)
        where T : class =>
        Digests.GetValue(definition, static d => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((T)d, ContractJson.Options)).AsSpan(0, 16)));
}
