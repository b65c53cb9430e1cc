using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The document that a token is kept in: plain what workers settle among themselves, sealed what is secret.</summary>
internal sealed record TokenEntry
{
    /// <summary>For people who look for it.</summary>
    public required string Kind { get; init; }

    /// <summary>A source that uses it, for people.</summary>
    public required string Source { get; init; }

    /// <summary>The token, sealed; null when there is none yet.</summary>
    public string? Sealed { get; init; }

    /// <summary>Who is asking for the next one; it holds for as long as the store says that this version is young.</summary>
    public string? Lease { get; init; }

    /// <summary>Why the last one could not be had, and from when on to ask again.</summary>
    public TokenFault? Fault { get; init; }

    /// <summary>The entry in bytes; null when they are none, which is the same as no entry.</summary>
    public static TokenEntry? Parse(byte[]? content)
    {
        try
        {
            return content is null ? null : JsonSerializer.Deserialize<TokenEntry>(content, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Its bytes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Indented);
}

/// <summary>A refusal that the fleet remembers, so that not every worker has to be refused by itself.</summary>
/// <param name="Failure">What it was, without secrets.</param>
/// <param name="NotBefore">From when on to ask again, by the store's clock.</param>
/// <param name="Count">Refusals in a row.</param>
internal sealed record TokenFault(Failure Failure, DateTimeOffset NotBefore, int Count);
