using DataIngestion.Contracts;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Specifications;

/// <summary>Finds what is wrong in a file of specifications beyond its shape.</summary>
internal static class SpecificationChecks
{
    /// <summary>The findings about the file that is built in: it describes exactly the formats that can be read.</summary>
    public static IEnumerable<ConfigurationFinding> OfStandard(SpecificationFile file)
    {
        foreach (var name in ConversionLimits.Names.Except(file.Limits.Keys))
            yield return new(file, nameof(file.Limits), $"the limit '{name}' is missing.");
        foreach (var name in FormatCatalog.Names.Except(file.Formats.Keys))
            yield return new(file, nameof(file.Formats), $"the format '{name}' can be read, but is not specified here.");
        foreach (var finding in Limits(file, file).Concat(Formats(file)))
            yield return finding;
        foreach (var (name, format) in file.Formats.Where(f => FormatCatalog.Names.Contains(f.Key)))
        {
            if (format.Tables != FormatCatalog.Find(name) is ITableFormat)
                yield return new(format, nameof(format.Tables), $"'tables' is {(format.Tables ? "true" : "false")}, but the reader of {name} says otherwise.");
        }
    }

    /// <summary>The findings about a file that is laid over another.</summary>
    public static IEnumerable<ConfigurationFinding> OfOverlay(SpecificationFile file, SpecificationFile standard)
    {
        foreach (var finding in Limits(file, standard).Concat(Formats(file)))
            yield return finding;
        foreach (var (name, format) in file.Formats)
        {
            if (!standard.Formats.TryGetValue(name, out var known))
                continue;
            if (format.Tables && !known.Tables)
                yield return new(format, nameof(format.Tables), $"'tables' is true, but {name} holds one table.");
            foreach (var (option, given) in format.Options)
            {
                if (!known.Options.TryGetValue(option, out var declared))
                    yield return new(format, $"{nameof(format.Options)}[{option}]", $"{name} has no option '{option}': {Suggestion.Phrase(option, [.. known.Options.Keys])}");
                else if (Wider(given, declared) is var (member, message))
                    yield return new(given, member, message);
            }
        }
    }

    static IEnumerable<ConfigurationFinding> Formats(SpecificationFile file) =>
        from name in file.Formats.Keys
        where !FormatCatalog.Names.Contains(name)
        select new ConfigurationFinding(file, $"{nameof(file.Formats)}[{name}]", $"'{name}' is not a format that can be read: {Suggestion.Phrase(name, [.. FormatCatalog.Names])}");

    static IEnumerable<ConfigurationFinding> Limits(SpecificationFile file, SpecificationFile standard)
    {
        foreach (var (name, limit) in file.Limits)
        {
            if (!ConversionLimits.Names.Contains(name))
                yield return new(file, $"{nameof(file.Limits)}[{name}]", $"there is no limit '{name}': {Suggestion.Phrase(name, ConversionLimits.Names)}");
            else if (standard.Limits.TryGetValue(name, out var known) && (known.Expected(limit.Minimum) ?? known.Expected(limit.Maximum)) is { } range)
                yield return new(limit, "", $"the range {limit.Minimum} to {limit.Maximum} is wider than what can be read: expected within {range}.");
        }

        foreach (var format in file.Formats.Values)
        {
            foreach (var (name, number) in format.Limits)
            {
                if (!ConversionLimits.Names.Contains(name))
                    yield return new(format, $"{nameof(format.Limits)}[{name}]", $"there is no limit '{name}': {Suggestion.Phrase(name, ConversionLimits.Names)}");
                else if ((file.Limits.GetValueOrDefault(name) ?? standard.Limits.GetValueOrDefault(name))?.Expected(number) is { } expected)
                    yield return new(format, $"{nameof(format.Limits)}[{name}]", $"'{name}' is {number}: expected {expected}.");
            }
        }
    }

    // The reader is code: an overlay may allow less, not more.
    static (string Member, string Message)? Wider(OptionSpecification given, OptionSpecification declared)
    {
        if (given.Type != declared.Type)
            return (nameof(given.Type), $"the type is {Word(given.Type)}: expected {Word(declared.Type)}, which is what is read.");
        if (given.Words?.Except(declared.Words ?? []).FirstOrDefault() is { } word)
            return (nameof(given.Words), $"the word '{word}' is not known: expected some of {string.Join(", ", declared.Words ?? [])}.");
        if (declared.Minimum is { } least && given.Minimum < least)
            return (nameof(given.Minimum), $"'minimum' is {given.Minimum}: expected at least {least}.");
        if (declared.Maximum is { } most && given.Maximum > most)
            return (nameof(given.Maximum), $"'maximum' is {given.Maximum}: expected at most {most}.");
        return null;
    }

    static string Word(OptionKind kind) => kind.ToString().ToLowerInvariant();
}
