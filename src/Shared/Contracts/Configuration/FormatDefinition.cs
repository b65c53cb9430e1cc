namespace DataIngestion.Contracts;

/// <summary>What is known about a source's bytes. Everything left out is recognised from the content.</summary>
public sealed record FormatDefinition
{
    /// <summary><c>csv</c>, <c>json</c>, <c>ndjson</c> or <c>xml</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Where the records lie: for JSON names separated by dots (<c>data.bars[*]</c>), for XML a path of elements.</summary>
    public string? RecordPath { get; init; }

    /// <summary>Values of the records' ancestors that each record repeats: in XML <c>@time</c> or a child element's name, in JSON a property's name.</summary>
    public IReadOnlyList<string>? Inherit { get; init; }

    /// <summary>XML namespace prefixes used in paths.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>();

    /// <summary>CSV delimiter.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Whether the first CSV record names the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>Character encoding, by IANA name.</summary>
    public string? Encoding { get; init; }
}
