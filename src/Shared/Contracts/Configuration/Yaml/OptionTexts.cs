namespace DataIngestion.Contracts;

/// <summary>Options as flat texts, which is how they travel: a list has an entry a line, a mapping names joined by a dot.</summary>
internal static class OptionTexts
{
    /// <summary>The texts of YAML entries.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<YamlEntry> entries, Action<int, string> fault)
    {
        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
            Add(entry.Key, entry.Value, texts, fault);
        return texts;
    }

    static void Add(string name, YamlNode value, OrderedDictionary<string, string> texts, Action<int, string> fault)
    {
        switch (value)
        {
            case YamlScalar { IsNull: true }:
                break;
            case YamlScalar scalar:
                texts[name] = scalar.Text;
                break;
            case YamlSequence list when list.Items.All(i => i is YamlScalar { IsNull: false } item && !item.Text.Contains('\n', StringComparison.Ordinal)):
                texts[name] = string.Join('\n', list.Items.Cast<YamlScalar>().Select(i => i.Text));
                break;
            case YamlMapping mapping:
                foreach (var entry in mapping.Entries)
                    Add($"{name}.{entry.Key}", entry.Value, texts, fault);
                break;
            default:
                fault(value.Line, $"'{name}' is {value.Shape}: expected text, a list of texts, or names with texts.");
                break;
        }
    }

    /// <summary>The YAML node that texts stand for; the line of an entry is its place in <paramref name="names"/>, from 1.</summary>
    public static YamlMapping ToNode(IReadOnlyDictionary<string, string> texts, Type record, RecordShapes shapes, List<string> names)
    {
        var shape = shapes.Of(record);
        var entries = new List<YamlEntry>();
        foreach (var group in texts.GroupBy(t => shape.Members.FirstOrDefault(m => IsBelow(m, t.Key))?.Name ?? t.Key))
        {
            names.Add(group.First().Key);
            var line = names.Count;
            var member = shape.Members.FirstOrDefault(m => m.Name == group.Key);
            entries.Add(new(group.Key, line, member is { Type.IsGenericType: true } ? Collection(member.Type, group.Key, [.. group], line) : Scalar(group.First().Value, line)));
        }

        return new(0, entries);
    }

    static bool IsBelow(RecordMember member, string name) =>
        member.Type.IsGenericType && member.Type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && name.StartsWith(member.Name + ".", StringComparison.Ordinal);

    static YamlNode Collection(Type type, string name, IReadOnlyList<KeyValuePair<string, string>> texts, int line) =>
        type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? new YamlSequence(line, [.. texts[0].Value.Split('\n').Select(item => Scalar(item, line))])
            : new YamlMapping(line, [.. texts.Where(t => t.Key.Length > name.Length).Select(t => new YamlEntry(t.Key[(name.Length + 1)..], line, Scalar(t.Value, line)))]);

    static YamlScalar Scalar(string text, int line) => new(line, text, Plain: text.Length > 0);
}
