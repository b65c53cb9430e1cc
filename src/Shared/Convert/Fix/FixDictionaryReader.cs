using System.Collections.Frozen;
using System.Globalization;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Reads the dictionaries that are built in. A line is a field (<c>54 ⇥ Side ⇥ CHAR ⇥ 1=BUY ⇥ …</c>), a component (<c>@Parties ⇥ 453(448 447 452)</c>), the header,
/// the trailer, or a message (<c>:D ⇥ NewOrderSingle ⇥ 11! @Parties …</c>). An exclamation mark says required, parentheses hold the members of a group.
/// </summary>
internal static class FixDictionaryReader
{
    /// <summary>The versions that are built in.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2", "FIXT.1.1"];

    /// <summary>A dictionary that is built in; null where there is none of that version.</summary>
    public static FixDictionaryText? Read(string version)
    {
        using var content = typeof(FixDictionaryReader).Assembly.GetManifestResourceStream("fix/" + version);
        if (content is null)
            return null;
        using var reader = new StreamReader(content);
        var text = new FixDictionaryText { Version = version };
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                Line(line.Split('\t'), text);
        }

        return text;
    }

    static void Line(string[] parts, FixDictionaryText text)
    {
        switch (parts[0])
        {
            case "header":
                text.Header = Members(parts[1]);
                break;
            case "trailer":
                text.Trailer = Members(parts[1]);
                break;
            case ['@', .. var component]:
                text.Components.Add(component, Members(parts[1]));
                break;
            case [':', .. var type]:
                text.Messages.Add(new(type, parts[1], Members(parts[2])));
                break;
            default:
                var values = parts.Skip(3).Select(v => v.Split('=', 2)).ToFrozenDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
                text.Fields.Add(new(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2], values));
                break;
        }
    }

    static List<FixMemberText> Members(string text)
    {
        var at = 0;
        return Members(text, ref at);
    }

    static List<FixMemberText> Members(string text, ref int at)
    {
        var members = new List<FixMemberText>();
        while (at < text.Length && text[at] != ')')
        {
            var end = at;
            while (end < text.Length && text[end] is not (' ' or '!' or '(' or ')'))
                end++;
            var name = text[at..end];
            at = end;
            var isRequired = Take(text, ref at, '!');
            var entries = Take(text, ref at, '(') ? Members(text, ref at) : null;
            if (entries is not null)
                Take(text, ref at, ')');
            Take(text, ref at, ' ');
            members.Add(name[0] == '@' ? new(0, name[1..], isRequired, null) : new(int.Parse(name, CultureInfo.InvariantCulture), null, isRequired, entries));
        }

        return members;
    }

    static bool Take(string text, ref int at, char character)
    {
        if (at >= text.Length || text[at] != character)
            return false;
        at++;
        return true;
    }
}
