using System.Globalization;
using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>Reads single values.</summary>
internal static class YamlScalars
{
    /// <summary>Whether values of this type are written as one YAML scalar.</summary>
    public static bool Handles(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double)
        || type == typeof(decimal) || type == typeof(TimeSpan) || type == typeof(Uri) || type.IsEnum
        || type == typeof(DateOnly) || type == typeof(TimeOnly);

    /// <summary>The value, or what was expected instead.</summary>
    public static bool TryRead(YamlScalar scalar, Type type, out object? value, out string expected)
    {
        expected = Expected(scalar.Text, type);
        value = type switch
        {
            _ when type == typeof(string) => scalar.Text,
            _ when type == typeof(Uri) => Uri.TryCreate(scalar.Text, UriKind.Absolute, out var uri) && !uri.IsFile ? uri : null,
            _ when type == typeof(TimeSpan) => Duration.TryParse(scalar.Text, out var duration) ? duration : null,
            _ when type == typeof(DateOnly) => DateOnly.TryParseExact(scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            _ when type == typeof(TimeOnly) => TimeOnly.TryParseExact(scalar.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) ? clock : null,
            _ when type.IsEnum => Word(scalar.Text, type),
            _ when !scalar.Plain => null, // a number in quotes is text
            _ when type == typeof(bool) => scalar.Text switch { "true" or "True" or "TRUE" => true, "false" or "False" or "FALSE" => false, _ => null },
            _ when type == typeof(int) => int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ when type == typeof(long) => long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ when type == typeof(decimal) => decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        };
        return value is not null;
    }

    /// <summary>The word of an enum's member.</summary>
    public static string WordOf(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    static object? Word(string text, Type type)
    {
        var member = Enum.GetNames(type).FirstOrDefault(n => WordOf(n) == text);
        return member is null ? null : Enum.Parse(type, member);
    }

    static string Expected(string text, Type type)
    {
        if (type.IsEnum)
        {
            var words = Enum.GetNames(type).Select(WordOf).ToList();
            var hint = Suggestion.For(text, words) is { } meant ? $" (did you mean '{meant}'?)" : "";
            return $"one of {string.Join(", ", words)}{hint}";
        }

        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => $"a whole number from {int.MinValue} to {int.MaxValue}, without quotes",
            _ when type == typeof(long) => $"a whole number from {long.MinValue} to {long.MaxValue}, without quotes",
            _ when type == typeof(double) || type == typeof(decimal) => "a number, without quotes",
            _ when type == typeof(TimeSpan) => Duration.Rule,
            _ when type == typeof(DateOnly) => "a day such as 2026-01-31",
            _ when type == typeof(TimeOnly) => "a time of day such as 22:30",
            _ when type == typeof(Uri) => "an absolute address such as https://example.org/docs",
            _ => "text",
        };
    }
}
