using System.IO.Compression;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// What is remembered of an answer besides its body, as metadata of the artefact: both become visible together, so a repeated
/// collection finds everything or nothing of a page. Holds no secrets.
/// </summary>
internal sealed record PageNote
{
    const string Key = "page";
    const string CompressedKey = "pageBrotli";

    // Azure allows 8 KiB of metadata in all.
    const int MaxCharacters = 7 << 10;

    /// <summary>Path and query, without secrets.</summary>
    public required string Name { get; init; }

    /// <summary>When the answer was received.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Media type that the source declared.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers worth keeping.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Address of the next page from the <c>Link</c> header.</summary>
    public string? Next { get; init; }

    /// <summary>Position behind it, where it is a part of another system than HTTP.</summary>
    public string? Position { get; init; }

    /// <summary>Its bytes, where they were counted before it was put into landing; else 0.</summary>
    public long Length { get; init; }

    /// <summary>SHA-256 of its bytes, where it was known before it was put into landing.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its records, where the system counted them.</summary>
    public long? Records { get; init; }

    /// <summary>Requests that it took.</summary>
    public int Requests { get; init; }

    /// <summary>Those that repeated a failed one.</summary>
    public int Retries { get; init; }

    /// <summary>As a blob's metadata.</summary>
    /// <exception cref="StepFailedException">It does not fit.</exception>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Options);
        var (key, text) = (Key, Convert.ToBase64String(json));
        if (text.Length > MaxCharacters) // long positions, such as the offsets of a thousand partitions, repeat themselves
            (key, text) = (CompressedKey, Convert.ToBase64String(Compress(json)));
        return text.Length <= MaxCharacters
            ? new Dictionary<string, string> { [key] = text }
            : throw new StepFailedException(new()
            {
                Code = "address-too-long",
                Message = $"The address '{Name[..Math.Min(Name.Length, 200)]}…', the headers of its answer and the position behind it are too long to be kept: expected under 5,000 characters.",
            });
    }

    /// <summary>Out of a blob's metadata; null if it is not there.</summary>
    public static PageNote? From(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(Key, out var text))
            return JsonSerializer.Deserialize<PageNote>(Convert.FromBase64String(text), ContractJson.Options);
        if (!metadata.TryGetValue(CompressedKey, out text))
            return null;
        using var brotli = new BrotliStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<PageNote>(brotli, ContractJson.Options);
    }

    static byte[] Compress(byte[] json)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(json);
        return compressed.ToArray();
    }
}
