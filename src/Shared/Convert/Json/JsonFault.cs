namespace DataIngestion.Conversion.Json;

/// <summary>Why a record of valid JSON cannot become a row.</summary>
/// <param name="Column">The column at fault; null for the whole record.</param>
internal sealed record JsonFault(string? Column, string Rule, string Expected)
{
    /// <summary>RFC 8259 lets a string hold half of a pair; UTF-8 has no bytes for it.</summary>
    public static JsonFault LoneSurrogate { get; } = new(null, "utf-8", "text that UTF-8 can hold; an escape is half of a surrogate pair");

    public static JsonFault FieldSize(string column, int most) => new(column, "field-size", $"a value of at most {most} bytes");
}
