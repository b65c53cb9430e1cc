using System.Collections.Frozen;
using DataIngestion.Contracts;

namespace DataIngestion.Conversion.Specifications;

/// <summary>What every format takes: the specifications that are built in, with those of a configuration's folder laid over them. Immutable.</summary>
public sealed class FormatSpecifications
{
    /// <summary>The name of the file in a configuration's folder.</summary>
    public const string FileName = "format-specifications.yaml";

    static readonly Lazy<(SpecificationFile File, FormatSpecifications Specifications)> BuiltIn = new(() =>
    {
        var file = ReadStandard();
        return (file, new(file, null));
    });

    readonly FrozenDictionary<string, FormatSpecification> _formats;
    readonly FrozenDictionary<string, long> _limits;

    FormatSpecifications(SpecificationFile file, string? folder)
    {
        Folder = folder;
        _formats = file.Formats.ToFrozenDictionary(StringComparer.Ordinal);
        _limits = file.Limits.ToFrozenDictionary(l => l.Key, l => l.Value.Default, StringComparer.Ordinal);
        Names = [.. _formats.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Those that are built in.</summary>
    public static FormatSpecifications Standard => BuiltIn.Value.Specifications;

    /// <summary>Every format that can be read, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The configuration's folder, in which files that options name are found; null where there is none.</summary>
    public string? Folder { get; }

    /// <summary>Those that are built in, with the file of a configuration's folder over them where it is there.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="ConfigurationException">The file is wrong; every fault is named with its line.</exception>
    public static FormatSpecifications Load(string? folder)
    {
        if (folder is null)
            return Standard;
        var path = Path.Combine(folder, FileName);
        var standard = BuiltIn.Value.File;
        if (!File.Exists(path))
            return new(standard, folder);
        var read = ConfigurationFile.Read<SpecificationFile>(path);
        if (read.Definition is { } file)
        {
            foreach (var finding in SpecificationChecks.OfOverlay(file, standard))
                read.Report(finding);
        }

        return read is { Definition: { } whole, Faults.Count: 0 } ? new(SpecificationOverlay.Of(standard, whole), folder) : throw new ConfigurationException(read.Faults);
    }

    /// <summary>What a format takes; null for one that is not read.</summary>
    public FormatSpecification? Find(string format) => _formats.GetValueOrDefault(format);

    /// <summary>What is wrong with an option and its value, as a sentence; null where nothing is.</summary>
    /// <param name="format">A format that is read.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="value">Its value. Of a file only the name is looked at.</param>
    public string? Fault(string format, string option, string value)
    {
        var options = Find(format)?.Options ?? throw new ArgumentException($"'{format}' is not a format.", nameof(format));
        if (!options.TryGetValue(option, out var declared))
            return $"{format} has no option '{option}': {Suggestion.Phrase(option, [.. options.Keys])}";
        return declared.Expected(value) is { } expected ? $"the option '{option}' of {format} is '{value}': expected {expected}." : null;
    }

    /// <summary>The name of a format that somebody wrote, in lower case.</summary>
    /// <exception cref="ConversionException">There is none of that name; the message suggests one.</exception>
    public string NameOf(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var name = written.ToLowerInvariant();
        return _formats.ContainsKey(name) ? name : throw new ConversionException($"'{written}' is not a format that can be converted: {Suggestion.Phrase(name, Names)}");
    }

    /// <summary>The request as it holds for a format: options checked and completed by their defaults, and limits by what is configured.</summary>
    /// <exception cref="ConversionException">An option is not one of the format, or its value not allowed.</exception>
    internal ConversionRequest Complete(string format, ConversionRequest request)
    {
        var specification = _formats[format];
        var options = new Dictionary<string, string>(request.Hint.Options, StringComparer.Ordinal);
        foreach (var (name, value) in options)
        {
            if (Fault(format, name, value) is { } fault)
                throw new ConversionException(char.ToUpperInvariant(fault[0]) + fault[1..]);
        }

        if (request.Hint.Table is { } table && !specification.Tables)
            throw new ConversionException($"The table '{table}' is to be read, but {format} holds one table without a name: leave it out.");
        foreach (var (name, option) in specification.Options)
        {
            if (option.Default is { } value)
                options.TryAdd(name, value);
        }

        return request with { Hint = request.Hint with { Options = options }, Limits = request.Limits.Or(specification.Limits).Or(_limits) };
    }

    /// <summary>The limits that hold before the format is known.</summary>
    internal ConversionLimits Bound(ConversionLimits limits) => limits.Or(_limits);

    static SpecificationFile ReadStandard()
    {
        using var content = typeof(FormatSpecifications).Assembly.GetManifestResourceStream(FileName)!;
        using var text = new StreamReader(content);
        var read = ConfigurationFile.Parse<SpecificationFile>($"configs/{FileName}", text.ReadToEnd());
        if (read.Definition is { } file)
        {
            foreach (var finding in SpecificationChecks.OfStandard(file))
                read.Report(finding);
        }

        return read is { Definition: { } whole, Faults.Count: 0 } ? whole : throw new ConfigurationException(read.Faults);
    }
}
