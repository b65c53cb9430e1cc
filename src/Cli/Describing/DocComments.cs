using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DataIngestion.Cli.Describing;

/// <summary>The summaries that the code has of its types and members, as plain text with names in backticks.</summary>
internal sealed partial class DocComments
{
    readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>The summary of a type; empty where it has none.</summary>
    public string Of(Type type) => Find(type.Assembly, $"T:{NameOf(type)}");

    /// <summary>The summary of a property, or a member of an enum; empty where it has none.</summary>
    public string Of(MemberInfo member)
    {
        var owner = member.DeclaringType!;
        return Find(owner.Assembly, $"{(member is FieldInfo ? 'F' : 'P')}:{NameOf(owner)}.{member.Name}");
    }

    string Find(Assembly assembly, string id)
    {
        if (!_files.TryGetValue(assembly, out var members))
            _files[assembly] = members = Load(assembly);
        return members.TryGetValue(id, out var summary) ? Text(summary) : "";
    }

    static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        return !File.Exists(path) ? [] : XDocument.Load(path).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!, StringComparer.Ordinal);
    }

    static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    static string Text(XElement element)
    {
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "see" or "seealso" } see => $"`{Target(see)}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "para" } para => $" {Text(para)} ",
            XElement other => other.Attribute("name")?.Value ?? other.Value,
            _ => "",
        }));
        return Spaces().Replace(text, " ").Trim();
    }

    // What the code calls AuthenticationDefinition.Kind is 'kind' to whoever writes YAML.
    static string Target(XElement see)
    {
        var name = (see.Attribute("cref") ?? see.Attribute("langword") ?? see.Attribute("href"))?.Value ?? see.Value;
        var last = name[(name.LastIndexOf('.') + 1)..];
        return name.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.CamelCase.ConvertName(last)
            : name.StartsWith("F:", StringComparison.Ordinal) ? JsonNamingPolicy.KebabCaseLower.ConvertName(last)
            : last;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
