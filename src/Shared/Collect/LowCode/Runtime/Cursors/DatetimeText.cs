using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Times as a stream's cursor writes them.</summary>
internal sealed class DatetimeText
{
    readonly string _format;
    readonly IReadOnlyList<string> _inputs;

    public DatetimeText(Part part)
    {
        _format = part.Text("datetime_format") ?? throw part.Fault("'datetime_format' is missing.");
        _inputs = [.. part.Expressions("cursor_datetime_formats").Select(format => format.Source), _format];
    }

    /// <summary>Writes a time.</summary>
    public string Write(DateTimeOffset time) => TimeFormat.Write(MomentValue.Of(time), _format);

    /// <summary>Reads a value of a record or of the state; null where it is no time.</summary>
    public DateTimeOffset? Read(object? value)
    {
        if (value is null || (!Numbers.Is(value) && value is not string))
            return null;
        var text = PythonText.Str(value);
        foreach (var format in _inputs)
        {
            if (TimeReader.Read(text, format) is { } time)
                return time.Utc;
        }

        return value is string ? IsoTime.Parse(text)?.Utc : null;
    }

    /// <summary>Reads a time that the manifest or the configuration names.</summary>
    /// <exception cref="StepFailedException">It is none.</exception>
    public DateTimeOffset Need(Part part, string field, string? text, string? format)
    {
        if (string.IsNullOrEmpty(text))
            throw part.Fault($"'{field}' is empty: expected a time; the configuration may have to name one.");
        return (format is { Length: > 0 } ? TimeReader.Read(text, format)?.Utc : null) ?? Read(text) ?? IsoTime.Parse(text)?.Utc
            ?? throw part.Fault($"'{field}' is '{text}': expected a time in the format '{format ?? _format}'.");
    }
}
