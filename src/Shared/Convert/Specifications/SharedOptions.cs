using System.Globalization;

namespace DataIngestion.Conversion.Specifications;

/// <summary>The options that are properties of a hint, because recognition needs them: they may be given either way.</summary>
internal static class SharedOptions
{
    /// <summary>
    /// The hint with such options in their properties. Values that are not understood stay options: what is wrong with them is found once the
    /// format, and so what it takes, is known.
    /// </summary>
    /// <exception cref="ConversionException">Something is said twice, and differently.</exception>
    public static FormatHint Apply(FormatHint hint)
    {
        foreach (var (name, text) in hint.Options)
        {
            hint = name switch
            {
                "delimiter" => hint with { Delimiter = Once(name, hint.Delimiter, text == "tab" ? "\t" : text) },
                "quote" when text == "none" => hint with { HasNoQuotes = true },
                "quote" when text.Length == 1 => hint with { Quote = Once(name, hint.Quote, text[0]) },
                "escape" when text.Length == 1 => hint with { Escape = Once(name, hint.Escape, text[0]) },
                "header" when bool.TryParse(text, out var header) => hint with { Header = Once(name, hint.Header, header) },
                "headerRows" when Whole(text) is { } rows => hint with { HeaderRows = Once(name, hint.HeaderRows, rows) },
                "skipLines" when Whole(text) is { } lines => hint with { SkipLines = Once(name, hint.SkipLines, lines) },
                "footerLines" when Whole(text) is { } lines => hint with { FooterLines = Once(name, hint.FooterLines, lines) },
                "comment" => hint with { Comment = Once(name, hint.Comment, text) },
                "encoding" => hint with { Encoding = Once(name, hint.Encoding, text) },
                "recordPath" => hint with { RecordPath = Once(name, hint.RecordPath, text) },
                "layout" when text == "columns" => hint with { HasParallelArrays = true },
                "nesting" when text == "nested" => hint with { Nesting = NestingMode.Nested },
                _ => hint,
            };
        }

        return hint;
    }

    static T Once<T>(string name, T? said, T option) =>
        said is null || EqualityComparer<T>.Default.Equals(said, option) ? option : throw Twice(name, said, option);

    static T Once<T>(string name, T? said, T option)
        where T : struct =>
        said is null || EqualityComparer<T>.Default.Equals(said.Value, option) ? option : throw Twice(name, said, option);

    static ConversionException Twice(string name, object? said, object? option) => new($"'{name}' is given twice, as '{said}' and as the option '{option}': leave one of them out.");

    static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
