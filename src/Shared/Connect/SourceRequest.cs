namespace DataIngestion.Connect;

/// <summary>
/// One request to a source. Texts may hold <c>${NAME}</c> references; they are resolved at the moment of sending and appear
/// unresolved wherever the request is named (logs, failures, manifests).
/// </summary>
public sealed record SourceRequest
{
    /// <summary>GET or POST; default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Path below the connection's base address, already escaped; or an absolute address on the same origin (see <see cref="SourceResponse.ResolveLink"/>).</summary>
    public required string Path { get; init; }

    /// <summary>Query parameters in order, not escaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers of this request, on top of the connection's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Body of a POST, sent as <c>application/json</c>.</summary>
    public string? Body { get; init; }
}
