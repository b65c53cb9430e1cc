using System.Globalization;
using System.Text;

namespace DataIngestion.Observe;

/// <summary>The rules of Prometheus' text format 0.0.4, and of naming after OpenTelemetry's compatibility specification.</summary>
internal static class PrometheusText
{
    const int MaxLabelValue = 128;

    /// <summary>A metric's name: dots to underscores, the unit and, for counters, <c>_total</c> behind it.</summary>
    public static string NameOf(string instrument, string? unit, MetricKind kind)
    {
        var name = Sanitize(instrument, colons: true);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "us" => "_microseconds",
            "By" => "_bytes",
            "%" => "_percent",
            "1" when kind is MetricKind.Gauge => "_ratio",
            _ => "", // counts of things, written {thing}
        };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return kind is MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>A label's name.</summary>
    public static string LabelOf(string tag) => Sanitize(tag, colons: false) switch
    {
        "le" => "exported_le", // the histogram's own
        var name when name.StartsWith("__", StringComparison.Ordinal) => "exported" + name,
        var name => name,
    };

    /// <summary>A label's value, shortened to 128 characters and escaped.</summary>
    public static string ValueOf(object? tag)
    {
        var text = tag switch
        {
            null => "",
            bool truth => truth ? "true" : "false",
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => tag.ToString() ?? "",
        };
        if (text.Length > MaxLabelValue)
            text = text[..(char.IsHighSurrogate(text[MaxLabelValue - 1]) ? MaxLabelValue - 1 : MaxLabelValue)];
        return text.AsSpan().IndexOfAny("\\\"\n") < 0 ? text : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    /// <summary>The text after <c># HELP name</c>.</summary>
    public static string HelpOf(string? description) =>
        (description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\n").Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A number.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    static string Sanitize(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':') ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }
}
