using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Xml;

/// <summary>An element that is open.</summary>
internal sealed class XmlFrame(string name, string space)
{
    public string Name { get; } = name;

    public string Space { get; } = space;

    /// <summary>Attributes without a prefix.</summary>
    public List<(string Name, string Value)> Attributes { get; } = [];

    /// <summary>Texts of child elements that came before; kept only where they are inherited.</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    public string? Attribute(string name) => Attributes.Find(a => a.Name == name) is { Name: not null } found ? found.Value : null;
}

/// <summary>One step of a record path: a name in a namespace (null for any), and attributes that must be there.</summary>
internal sealed record XmlStep(string? Name, string? Space, IReadOnlyList<(string Name, string? Value)> Attributes)
{
    public bool Matches(XmlFrame frame) =>
        (Name is null || Name == frame.Name) && (Space is null || Space == frame.Space)
        && Attributes.All(a => frame.Attribute(a.Name) is { } value && (a.Value is null || a.Value == value));
}

/// <summary>
/// A record path: <c>/a/b</c> from the root, <c>//b</c> or <c>//a/b</c> anywhere, with <c>[@x]</c> and <c>[@x='1']</c>; several with <c>|</c>.
/// </summary>
internal sealed partial record XmlPath(string Text, bool IsAnywhere, IReadOnlyList<XmlStep> Steps)
{
    /// <summary>Another path whose elements are records too.</summary>
    public XmlPath? Or { get; private init; }

    /// <summary>Whether records have the texts of the elements around them that came before: what a form says once, of all its records.</summary>
    public bool HasAround { get; init; }

    public static XmlPath Parse(string text, IReadOnlyDictionary<string, string> namespaces)
    {
        if (text.IndexOf('|', StringComparison.Ordinal) is > 0 and var bar && !text[..bar].Contains('\'', StringComparison.Ordinal))
            return Parse(text[..bar], namespaces) with { Text = text, Or = Parse(text[(bar + 1)..], namespaces) };
        var isAnywhere = text.StartsWith("//", StringComparison.Ordinal);
        var body = text[(isAnywhere ? 2 : text.StartsWith('/') ? 1 : throw Wrong(text))..];
        var steps = new List<XmlStep>();
        while (true)
        {
            var match = Step().Match(body);
            if (!match.Success || match.Length == 0)
                throw Wrong(text);
            steps.Add(Interpret(text, match, namespaces));
            if (match.Length == body.Length)
                return new(text, isAnywhere, steps);
            if (body[match.Length] != '/')
                throw Wrong(text);
            body = body[(match.Length + 1)..];
        }
    }

    static XmlStep Interpret(string text, Match match, IReadOnlyDictionary<string, string> namespaces)
    {
        var prefix = match.Groups["prefix"];
        string? space = null;
        if (prefix.Success && !namespaces.TryGetValue(prefix.Value, out space))
            throw new ConversionException($"The record path '{text}' uses the prefix '{prefix.Value}', which no namespace is given for.");
        var name = match.Groups["name"].Value;
        var attributes = match.Groups["attribute"].Captures.Select(c => c.Value.Split('=', 2)).Select(p => (p[0], p.Length > 1 ? p[1].Trim('\'', '"') : null));
        return new(name == "*" ? null : name, space, [.. attributes]);
    }

    [GeneratedRegex(@"^(?:(?<prefix>[\w.-]+):)?(?<name>\*|[\w.-]+)(?:\[@(?<attribute>[\w.-]+(?:=(?:'[^']*'|""[^""]*""))?)\])*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();

    static ConversionException Wrong(string text) =>
        new($"The record path '{text}' is not understood; expected /a/b, //b or //p:b[@attribute='value'].");

    public bool Matches(List<XmlFrame> open) => MatchesThis(open) || Or?.Matches(open) == true;

    bool MatchesThis(List<XmlFrame> open)
    {
        if (IsAnywhere ? open.Count < Steps.Count : open.Count != Steps.Count)
            return false;
        for (var i = 1; i <= Steps.Count; i++)
        {
            if (!Steps[^i].Matches(open[^i]))
                return false;
        }

        return true;
    }
}
