using System.Text;
using System.Xml;
using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>A fact of an inline document, with how its value is displayed.</summary>
internal sealed class InlineFact
{
    const int MostContinuations = 10_000;
    const int MostScale = 100;
    static readonly string[] Displays = ["format", "scale", "sign", "target", "order"];

    InlineFact(XbrlFact fact, string kind) => (Fact, Kind) = (fact, kind);

    public XbrlFact Fact { get; }

    /// <summary>The local name of its element.</summary>
    public string Kind { get; }

    /// <summary>The transformation, <c>ixt:num-dot-decimal</c>; null for none.</summary>
    public string? Format { get; private init; }

    /// <summary>Whether the value is the markup inside, not its text.</summary>
    public bool IsEscaped { get; private init; }

    /// <summary>Numerator and denominator of a fraction.</summary>
    public List<string> Parts { get; } = [];

    /// <summary>How the value was displayed, as JSON; null where nothing is to be said.</summary>
    public string? Other { get; private init; }

    int Scale { get; init; }

    bool IsNegative { get; init; }

    string? ContinuedAt { get; init; }

    public static InlineFact Of(XmlReader reader, int line, bool isHidden, string? tuple)
    {
        var name = reader.GetAttribute("name")?.Trim() ?? "";
        var colon = name.IndexOf(':');
        var scale = reader.GetAttribute("scale")?.Trim();
        var power = 0;
        if (scale is { Length: > 0 } && (!int.TryParse(scale, System.Globalization.NumberStyles.AllowLeadingSign, null, out power) || Math.Abs(power) > MostScale))
            throw new ConversionException($"The scale '{scale}' of {name} is not a whole number from -{MostScale} to {MostScale}.", Math.Max(1, line));
        var display = Displays.Select(a => (Name: a, Value: reader.GetAttribute(a))).Where(a => a.Value is not null).Select(a => (a.Name, a.Value!)).ToList();
        var fact = new XbrlFact(name, reader.LookupNamespace(colon < 0 ? "" : name[..colon]), line)
        {
            Id = reader.GetAttribute("id"),
            Context = reader.GetAttribute("contextRef"),
            Unit = reader.GetAttribute("unitRef"),
            Decimals = reader.GetAttribute("decimals"),
            Precision = reader.GetAttribute("precision"),
            Language = reader.XmlLang is { Length: > 0 } language ? language : null,
            Tuple = reader.GetAttribute("tupleRef") ?? tuple,
            IsNil = reader.GetAttribute("nil", XbrlSpaces.Schema) is "true" or "1",
            IsHidden = isHidden,
        };
        return new(fact, reader.LocalName)
        {
            Format = reader.GetAttribute("format")?.Trim(),
            IsEscaped = reader.GetAttribute("escape") is "true" or "1",
            Scale = power,
            IsNegative = reader.GetAttribute("sign")?.Trim() == "-",
            ContinuedAt = reader.GetAttribute("continuedAt"),
            Other = display.Count == 0 ? null : MarkupJson.Of(display),
        };
    }

    /// <summary>The text with what stands elsewhere.</summary>
    /// <param name="missing">Takes the places that are not there.</param>
    public string Continue(string text, XbrlResources resources, ConversionLimits limits, ISet<string> missing)
    {
        if (ContinuedAt is null)
            return text;
        var whole = new StringBuilder(text);
        var seen = 0;
        for (var at = ContinuedAt; at is not null;)
        {
            if (!resources.Continuations.TryGetValue(at, out var next))
            {
                missing.Add(at);
                break;
            }

            whole.Append(IsEscaped ? next.Text : PlainText(next.Text));
            if (++seen > MostContinuations || whole.Length > limits.MaxFieldBytes)
                throw new ConversionException($"The text of {Fact.Concept} goes on for more than {limits.MaxFieldBytes} characters, or in a circle.", Math.Max(1, Fact.Line));
            at = next.Next;
        }

        return whole.ToString();
    }

    /// <summary>The value: transformed, scaled and signed.</summary>
    /// <param name="isRead">Whether its transformation is known.</param>
    public string Settle(string text, out bool isRead)
    {
        isRead = true;
        if (Fact.IsNil)
            return "";
        if (Kind is "nonNumeric")
        {
            if (Format is null)
                return text.Trim();
            var transformed = InlineTransforms.Apply(Format, text);
            isRead = transformed is not null;
            return transformed ?? text.Trim();
        }

        if (Kind is "fraction")
            return text;
        var shown = text.Trim();
        var plain = Format is null ? FieldTexts.Number(shown) : InlineTransforms.Apply(Format, shown);
        isRead = plain is not null || Format is null;
        if (plain is null || FieldTexts.Number(plain) is not { } number)
            return shown;
        number = Shift(number, Scale);
        return IsNegative ? FieldTexts.Negate(number) : number;
    }

    /// <summary>A number times a power of ten, by moving its point.</summary>
    public static string Shift(string number, int power)
    {
        if (power == 0 || number.Contains('E', StringComparison.OrdinalIgnoreCase))
            return number;
        var isNegative = number.StartsWith('-');
        var digits = isNegative ? number[1..] : number;
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? "" : digits[(point + 1)..];
        if (power > 0)
        {
            fraction = fraction.PadRight(power, '0');
            (whole, fraction) = (whole + fraction[..power], fraction[power..]);
        }
        else
        {
            whole = whole.PadLeft(1 - power, '0');
            (whole, fraction) = (whole[..^-power], whole[^-power..] + fraction);
        }

        return FieldTexts.Number($"{(isNegative ? "-" : "")}{whole}{(fraction.Length > 0 ? "." + fraction : "")}")!;
    }

    /// <summary>Markup without its tags. Continuations are kept as markup, which some of their facts want.</summary>
    static string PlainText(string markup)
    {
        var text = new StringBuilder();
        for (var at = 0; at < markup.Length; at++)
        {
            if (markup[at] == '<')
                at = Math.Max(at, markup.IndexOf('>', at));
            else
                text.Append(markup[at]);
        }

        return text.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&quot;", "\"").Replace("&amp;", "&").ToString();
    }
}
