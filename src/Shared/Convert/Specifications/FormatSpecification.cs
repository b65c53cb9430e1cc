namespace DataIngestion.Conversion.Specifications;

/// <summary>What one format takes.</summary>
public sealed record FormatSpecification
{
    /// <summary>What it is, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How names of such files end, without the dot.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Whether one content holds several tables.</summary>
    public bool Tables { get; init; }

    /// <summary>Its options by name.</summary>
    public IReadOnlyDictionary<string, OptionSpecification> Options { get; init; } = new Dictionary<string, OptionSpecification>();

    /// <summary>Bounds where they differ from those of all formats, by the names of <see cref="SpecificationFile.Limits"/>.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; init; } = new Dictionary<string, long>();
}
