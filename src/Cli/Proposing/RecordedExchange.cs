namespace DataIngestion.Cli.Proposing;

/// <summary>One request to a vendor and its answer, as somebody recorded it; or an answer alone.</summary>
internal sealed record RecordedExchange
{
    /// <summary>Where it was recorded, for messages.</summary>
    public required string Where { get; init; }

    /// <summary>Method of the request.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Scheme and host (<c>https://api.example.com</c>); null where the request is not known, or only its path.</summary>
    public string? Origin { get; init; }

    /// <summary>Path of the request; null where the request is not known.</summary>
    public string? Path { get; init; }

    /// <summary>Query parameters in order, not escaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers of the request.</summary>
    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Body of the request.</summary>
    public string? RequestBody { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Body of the answer.</summary>
    public required byte[] Body { get; init; }

    /// <summary>A query parameter's value; null where there is none.</summary>
    public string? Parameter(string name) => Query.Where(q => q.Key == name).Select(q => q.Value).FirstOrDefault();
}
