namespace DataIngestion.Conversion.Specifications;

/// <summary>Lays one file of specifications over another.</summary>
internal static class SpecificationOverlay
{
    /// <summary>What the upper one says, and what the lower one says of what the upper one leaves out.</summary>
    public static SpecificationFile Of(SpecificationFile lower, SpecificationFile upper) => new()
    {
        Limits = Merge(lower.Limits, upper.Limits, (_, over) => over),
        Formats = Merge(lower.Formats, upper.Formats, Of),
    };

    static FormatSpecification Of(FormatSpecification lower, FormatSpecification upper) => upper with
    {
        Extensions = upper.Extensions.Count > 0 ? upper.Extensions : lower.Extensions,
        Tables = lower.Tables,
        Options = Merge(lower.Options, upper.Options, Of),
        Limits = Merge(lower.Limits, upper.Limits, (_, over) => over),
    };

    static OptionSpecification Of(OptionSpecification lower, OptionSpecification upper) => upper with
    {
        Words = upper.Words ?? lower.Words,
        Minimum = upper.Minimum ?? lower.Minimum,
        Maximum = upper.Maximum ?? lower.Maximum,
        Default = upper.Default ?? lower.Default,
        Example = upper.Example ?? lower.Example,
    };

    static OrderedDictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> lower, IReadOnlyDictionary<string, T> upper, Func<T, T, T> merge)
    {
        var merged = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, under) in lower)
            merged[name] = upper.TryGetValue(name, out var over) ? merge(under, over) : under;
        foreach (var (name, over) in upper)
            merged.TryAdd(name, over);
        return merged;
    }
}
