using System.Collections.Concurrent;

namespace DataIngestion.Conversion.Fix;

/// <summary>One member as a dictionary writes it: a field, a component by name, or a group with its members.</summary>
/// <param name="Component">The component's name; null for a field.</param>
/// <param name="Entries">The members of a group; null for any other field.</param>
internal sealed record FixMemberText(int Tag, string? Component, bool IsRequired, IReadOnlyList<FixMemberText>? Entries);

/// <summary>A message as a dictionary writes it.</summary>
internal sealed record FixMessageText(string Type, string Name, IReadOnlyList<FixMemberText> Members);

/// <summary>What a dictionary says, before components are put in their places.</summary>
internal sealed class FixDictionaryText
{
    public string Version { get; set; } = "";

    public List<FixField> Fields { get; } = [];

    public Dictionary<string, IReadOnlyList<FixMemberText>> Components { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<FixMemberText> Header { get; set; } = [];

    public IReadOnlyList<FixMemberText> Trailer { get; set; } = [];

    public List<FixMessageText> Messages { get; } = [];
}

/// <summary>
/// The data dictionary of one version: fields by number, messages by type, with their repeating groups. Thread-safe; what is nested is put
/// together when a message is first met.
/// </summary>
/// <exception cref="ConversionException">A component is not defined, or the nesting is too deep.</exception>
internal sealed class FixDictionary
{
    /// <summary>Groups in components in groups, and so on: FIX 5.0 SP2 has nine. A dictionary that goes deeper refers to itself.</summary>
    const int MostNesting = 32;
    readonly FixDictionaryText _text;
    readonly Dictionary<int, FixField> _fields = [];
    readonly Dictionary<string, FixField> _fieldsByName = new(StringComparer.Ordinal);
    readonly Dictionary<string, FixMessageText> _messages = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, FixMembers> _members = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, FixMembers?> _groups = new();
    readonly Lazy<Dictionary<int, IReadOnlyList<FixMemberText>>> _groupTexts;

    public FixDictionary(FixDictionaryText text)
    {
        _text = text;
        foreach (var field in text.Fields)
        {
            _fields[field.Tag] = field;
            _fieldsByName.TryAdd(field.Name, field);
        }

        foreach (var message in text.Messages)
            _messages[message.Type] = message;
        _groupTexts = new(FindGroups);
        Header = Members(text.Header);
        Trailer = Members(text.Trailer);
    }

    /// <summary>The version that messages name: <c>FIX.4.4</c>, <c>FIXT.1.1</c>, <c>FIX.5.0SP2</c>.</summary>
    public string Version => _text.Version;

    public FixMembers Header { get; }

    public FixMembers Trailer { get; }

    public IEnumerable<FixField> Fields => _fields.Values;

    public FixField? Field(int tag) => _fields.GetValueOrDefault(tag);

    public FixField? Field(string name) => _fieldsByName.GetValueOrDefault(name);

    /// <summary>The types of all messages.</summary>
    public IEnumerable<string> MessageTypes => _messages.Keys;

    /// <summary>The name of a message; null for a type that is not defined.</summary>
    public string? MessageName(string type) => _messages.TryGetValue(type, out var message) ? message.Name : null;

    /// <summary>The fields of a message's body; null for a type that is not defined.</summary>
    public FixMembers? Message(string type) => _messages.TryGetValue(type, out var message) ? _members.GetOrAdd(type, _ => Members(message.Members)) : null;

    /// <summary>The entries of a repeating group as the first message or component has it that counts it so; null where none does.</summary>
    public FixMembers? Group(int tag) => _groups.GetOrAdd(tag, t => _groupTexts.Value.TryGetValue(t, out var entries) ? Members(entries) : null);

    FixMembers Members(IReadOnlyList<FixMemberText> members) => new(Expand(members, isRequired: true, 0));

    IEnumerable<FixMember> Expand(IReadOnlyList<FixMemberText> members, bool isRequired, int depth)
    {
        if (depth > MostNesting)
            throw new ConversionException($"The FIX dictionary {Version} nests components and groups more than {MostNesting} deep: does a component contain itself?");
        foreach (var member in members)
        {
            if (member.Component is not { } component)
            {
                yield return new(member.Tag, isRequired && member.IsRequired, member.Entries is { } entries ? new(Expand(entries, true, depth + 1)) : null);
                continue;
            }

            var parts = _text.Components.GetValueOrDefault(component)
                ?? throw new ConversionException($"The FIX dictionary {Version} uses a component '{component}' that it does not define.");
            foreach (var part in Expand(parts, isRequired && member.IsRequired, depth + 1))
                yield return part;
        }
    }

    Dictionary<int, IReadOnlyList<FixMemberText>> FindGroups()
    {
        var groups = new Dictionary<int, IReadOnlyList<FixMemberText>>();
        var open = new Stack<IReadOnlyList<FixMemberText>>([_text.Header, _text.Trailer, .. _text.Messages.Select(m => m.Members), .. _text.Components.Values]);
        while (open.TryPop(out var members))
        {
            foreach (var member in members)
            {
                if (member.Entries is not { } entries)
                    continue;
                groups.TryAdd(member.Tag, entries);
                open.Push(entries);
            }
        }

        return groups;
    }
}
