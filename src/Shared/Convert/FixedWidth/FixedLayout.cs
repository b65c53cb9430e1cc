using System.Globalization;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.FixedWidth;

/// <summary>A field of a line: characters (code points) from <paramref name="Start"/> up to, not including, <paramref name="End"/>; both from 0.</summary>
internal sealed record FixedField(string Name, int Start, int End)
{
    public const int Open = int.MaxValue;

    public override string ToString() => $"{Name}:{Start + 1}-{(End == Open ? "" : End)}";
}

/// <summary>Where the fields of a line stand.</summary>
internal sealed record FixedLayout(IReadOnlyList<FixedField> Fields)
{
    const int MostColumn = 1 << 20;

    /// <summary>The end of the last field.</summary>
    public int Width { get; } = Fields.Count == 0 ? 0 : Fields.Max(f => f.End);

    /// <summary>Reads <c>symbol:1-8,price:9-18,rest:19-</c>: columns from 1, with the last one, in order and without overlap.</summary>
    /// <exception cref="ConversionException">It is none; the sentence says where.</exception>
    public static FixedLayout Parse(string text, FormatOptionValues options)
    {
        var fields = new List<FixedField>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var colon = part.LastIndexOf(':');
            var (name, range) = colon > 0 ? (part[..colon].Trim(), part[(colon + 1)..].Trim()) : ("", "");
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var first = Column(dash < 0 ? range : range[..dash]);
            var last = dash < 0 ? first : dash == range.Length - 1 ? FixedField.Open : Column(range[(dash + 1)..]);
            if (name.Length == 0 || first is null || last is null || last < first)
                throw options.Wrong("layout", "fields such as symbol:1-8,price:9-18,rest:19-", part);
            if (fields.Exists(f => f.Name == name) || (fields.Count > 0 && first - 1 < fields[^1].End))
                throw options.Wrong("layout", "fields with names of their own, one behind the other", part);
            fields.Add(new(name, first.Value - 1, last.Value));
        }

        return new(fields);
    }

    static int? Column(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var column) && column is > 0 and <= MostColumn ? column : null;

    public override string ToString() => string.Join(',', Fields);
}
