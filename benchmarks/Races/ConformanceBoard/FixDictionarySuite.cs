using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using DataIngestion.Conversion.Fix;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>The dictionaries of QuickFIX against those built in: every field's name, type and values, and the members of every message with its groups.</summary>
internal sealed class FixDictionarySuite : IConformanceSuite
{
    public string Name => "fix-dictionaries";

    public string Folder => "fix/spec_dictionaries";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal))
            yield return await ConformanceCase.ReadingAsync(Path.GetFileName(path), async () => Compare(await File.ReadAllBytesAsync(path, cancellationToken)));
    }

    static string? Compare(byte[] content)
    {
        var root = XDocument.Load(new MemoryStream(content)).Root!;
        var pack = (string?)root.Attribute("servicepack");
        var version = $"{(string?)root.Attribute("type")}.{(string?)root.Attribute("major")}.{(string?)root.Attribute("minor")}{(pack is null or "0" ? "" : "SP" + pack)}";
        if (FixDictionaries.Find(version) is not { } builtIn)
            return $"there is no dictionary of {version}";
        var fields = root.Element("fields")!.Elements("field").ToList();
        if (fields.Count != builtIn.Fields.Count())
            return $"{fields.Count} fields expected, {builtIn.Fields.Count()} found";
        return fields.Select(f => Field(f, builtIn)).FirstOrDefault(d => d is not null) ?? Messages(new(FixDictionaryXml.Read(content)), builtIn);
    }

    static string? Field(XElement field, FixDictionary builtIn)
    {
        var (number, name) = (int.Parse((string)field.Attribute("number")!, CultureInfo.InvariantCulture), (string)field.Attribute("name")!);
        var found = builtIn.Field(number);
        if (found is null || found.Name != name || found.Type != (string)field.Attribute("type")! || builtIn.Field(name)?.Tag != number)
            return $"field {number} {name} is {found}";
        var values = field.Elements("value").ToList();
        return values.Count == found.Values.Count && values.TrueForAll(v => found.Values.GetValueOrDefault((string)v.Attribute("enum")!) == (string)v.Attribute("description")!)
            ? null
            : $"the values of field {number} {name} differ";
    }

    static string? Messages(FixDictionary expected, FixDictionary found)
    {
        if (!expected.MessageTypes.Order(StringComparer.Ordinal).SequenceEqual(found.MessageTypes.Order(StringComparer.Ordinal)))
            return "the messages differ";
        foreach (var type in expected.MessageTypes)
        {
            if (expected.MessageName(type) != found.MessageName(type) || Text(expected.Message(type)!) != Text(found.Message(type)!))
                return $"message {type} {expected.MessageName(type)} differs";
        }

        return Text(expected.Header) == Text(found.Header) && Text(expected.Trailer) == Text(found.Trailer) ? null : "header or trailer differ";
    }

    static string Text(FixMembers members) =>
        string.Join(' ', members.All.OrderBy(m => m.Tag).Select(m => $"{m.Tag}{(m.IsRequired ? "!" : "")}{(m.Entries is { } entries ? $"({entries.First}: {Text(entries)})" : "")}"));
}
