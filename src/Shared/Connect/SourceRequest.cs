using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// One request to a source. Texts may hold <c>${NAME}</c> references; they are resolved at the moment of sending and appear
/// unresolved wherever the request is named (logs, failures, manifests).
/// </summary>
public sealed record SourceRequest
{
    /// <summary>GET, POST or PUT; default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Path below the connection's base address, already escaped; or an absolute address on the same origin (see <see cref="SourceResponse.ResolveLink"/>).</summary>
    public required string Path { get; init; }

    /// <summary>Query parameters in order, not escaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers of this request, on top of the connection's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How this request proves who we are; null as the connection says.</summary>
    public AuthenticationDefinition? Auth { get; init; }

    /// <summary>Body of a POST or PUT. The values of its references are escaped as <see cref="ContentType"/> needs it.</summary>
    public string? Body { get; init; }

    /// <summary>What the body is; default <c>application/json</c>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether it is a GraphQL operation, whose errors come with a 200: they are failures then.</summary>
    public bool IsGraphql { get; init; }

    /// <summary>Judges answers whose status does not say what they mean; null where it does.</summary>
    public IAnswerJudge? Judge { get; init; }

    /// <summary>Permits of the source's quota that it takes; default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Path and query with references unresolved and without the origin: what an answer is called in a manifest.</summary>
    public string Name
    {
        get
        {
            var path = Path;
            if (SourceCall.IsAbsolute(path))
                path = path.IndexOf('/', path.IndexOf("://", StringComparison.Ordinal) + 3) is >= 0 and var slash ? path[slash..] : "/";
            var query = string.Join('&', Query.Select(q => $"{Uri.EscapeDataString(q.Key)}={EscapeText(q.Value)}"));
            return query.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
        }
    }

    // References stay readable: the escaped forms of '${' and '}' only come from them or from text that means the same.
    static string EscapeText(string value) =>
        Uri.EscapeDataString(value).Replace("%24%7B", "${", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal);
}
