using System.Text.Json.Serialization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// What is remembered of an answer besides its body: <c>{n}.json</c> beside it in landing, written once and after the body, so that a
/// repeated collection finds everything of a page or nothing. With it the run can be replayed without the source. Holds no secrets.
/// </summary>
internal sealed record PageNote
{
    /// <summary>Path and query, without secrets; or what a part of another system is called.</summary>
    public required string Name { get; init; }

    /// <summary>Method of the request; null where it was none over HTTP.</summary>
    public string? Method { get; init; }

    /// <summary>Headers of the request that the definition names, references unresolved.</summary>
    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Body of the request, references unresolved.</summary>
    public string? RequestBody { get; init; }

    /// <summary>Whether it holds records.</summary>
    public bool IsData { get; init; } = true;

    /// <summary>Whether the source said by it that there is nothing: it is not read, and no page follows.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether the source had nothing new: there is no body, and nothing follows.</summary>
    public bool IsNothing { get; init; }

    /// <summary>HTTP status; 0 where there was none.</summary>
    public int Status { get; init; }

    /// <summary>When the answer was received.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Media type that the source declared.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers of the answer worth keeping, secrets replaced.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Address of the next page from the <c>Link</c> header.</summary>
    public string? Next { get; init; }

    /// <summary>Position behind it, where it is a part of another system than HTTP.</summary>
    public string? Position { get; init; }

    /// <summary>Its records, where the system counted them.</summary>
    public long? Records { get; init; }

    /// <summary>Requests that it took.</summary>
    public int Requests { get; init; }

    /// <summary>Those that repeated a failed one.</summary>
    public int Retries { get; init; }

    /// <summary>Time of the last of them.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Where the body lies, its name holding the beginning of <see cref="Sha256"/>; null where there is none.</summary>
    public LakePath? Body { get; init; }

    /// <summary>Where the body lies.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    [JsonIgnore]
    public LakePath Path => Body ?? throw new InvalidOperationException($"'{Name}' has no body.");

    /// <summary>Bytes of the body.</summary>
    public long Length { get; init; }

    /// <summary>SHA-256 of the body, lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Whether an empty body is none (204).</summary>
    [JsonIgnore]
    public bool MustHaveBody => Status != 204;
}
