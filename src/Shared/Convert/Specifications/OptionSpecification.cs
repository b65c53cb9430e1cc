using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Conversion.Specifications;

/// <summary>What an option's value is.</summary>
public enum OptionKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>The content of a file.</summary>
    File,
}

/// <summary>One option of a format.</summary>
public sealed record OptionSpecification : IValidatableObject
{
    /// <summary>What its value is.</summary>
    public required OptionKind Type { get; init; }

    /// <summary>What it says, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The words that are allowed, for <see cref="OptionKind.Word"/>.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The least number; for a text its characters.</summary>
    public long? Minimum { get; init; }

    /// <summary>The largest number; for a text its characters, for a file its bytes.</summary>
    public long? Maximum { get; init; }

    /// <summary>What holds where nothing is said; null where that is recognised from the content.</summary>
    public string? Default { get; init; }

    /// <summary>A value that is allowed.</summary>
    public string? Example { get; init; }

    /// <summary>What was expected instead of a value; null where the value is allowed. Files are not looked at.</summary>
    public string? Expected(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Type switch
        {
            OptionKind.Integer => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && IsWithin(number) ? null : $"a whole number{Range}",
            OptionKind.Boolean => value is "true" or "false" ? null : "true or false",
            OptionKind.Word => Words!.Contains(value) ? null : $"one of {string.Join(", ", Words!)}{(Suggestion.For(value, Words!) is { } meant ? $" (did you mean '{meant}'?)" : "")}",
            OptionKind.File => value.Length > 0 ? null : "the name of a file",
            _ => IsWithin(value.Length) ? null : $"a text{Range}{(Range.Length > 0 ? " characters" : "")}",
        };
    }

    string Range => (Minimum, Maximum) switch
    {
        ({ } least, { } most) when least == most => $" of {least}",
        ({ } least, { } most) => $" from {least} to {most}",
        ({ } least, null) => $" from {least}",
        (null, { } most) => $" up to {most}",
        _ => "",
    };

    bool IsWithin(long number) => !(number < Minimum) && !(number > Maximum);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Type == OptionKind.Word != Words is { Count: > 0 })
            yield return new(Type == OptionKind.Word ? "'words' is missing: a word is one of a list." : $"'words' is given, but the type is not word.", [nameof(Words)]);
        if (Type is OptionKind.Boolean or OptionKind.Word && (Minimum ?? Maximum) is not null)
            yield return new("'minimum' and 'maximum' are for text, integer and file.", [Minimum is null ? nameof(Maximum) : nameof(Minimum)]);
        if (Type == OptionKind.File && Maximum is not (> 0 and <= int.MaxValue))
            yield return new($"'maximum' is the most bytes of the file: expected 1 to {int.MaxValue}.", [nameof(Maximum)]);
        if (Minimum > Maximum)
            yield return new($"'minimum' is {Minimum} and 'maximum' {Maximum}: expected the smaller one first.", [nameof(Minimum)]);
        foreach (var (name, value) in new[] { (nameof(Default), Default), (nameof(Example), Example) })
        {
            if (value is not null && (Type != OptionKind.Word || Words is not null) && Expected(value) is { } expected)
                yield return new($"'{name.ToLowerInvariant()}' is '{value}': expected {expected}.", [name]);
        }
    }
}
