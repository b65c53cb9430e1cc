using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>
/// Binds YAML nodes to records, strictly: every name must be known, every value of its type, every rule kept. It goes on after a fault,
/// so that all are found; a record comes out when everything it requires is there.
/// </summary>
internal sealed class YamlBinder(string file, ICollection<ConfigurationFault> faults, YamlSourceMap map, RecordShapes shapes)
{
    /// <summary>The record that a document holds, or null when something it requires is missing or unreadable.</summary>
    public T? Bind<T>(YamlNode document)
        where T : class => (T?)Bind(document, typeof(T));

    /// <summary>The record that a document holds, or null when something it requires is missing or unreadable.</summary>
    public object? Bind(YamlNode document, Type record) => Record(document, record, "the file");

    object? Value(YamlNode node, Type type, string name)
    {
        if (YamlScalars.Handles(type))
            return Scalar(node, type, name);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return List(node, type.GenericTypeArguments[0], name);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return Dictionary(node, type.GenericTypeArguments[1], name);
        if (node is YamlScalar { IsNull: false } && shapes.Of(type).ShortForm is { } member)
            node = new YamlMapping(node.Line, [new(member, node.Line, node)]);
        return Record(node, type, $"'{name}'");
    }

    object? Scalar(YamlNode node, Type type, string name)
    {
        var expected = "text";
        if (node is YamlScalar { IsNull: false } scalar && YamlScalars.TryRead(scalar, type, out var value, out expected))
            return value;
        if (node is not YamlScalar { IsNull: false })
            YamlScalars.TryRead(new(node.Line, "", Plain: true), type, out _, out expected);
        return Fault(node.Line, $"'{name}' is {node.Shape}: expected {expected}.");
    }

    object? List(YamlNode node, Type element, string name)
    {
        if (node is not YamlSequence sequence)
            return Fault(node.Line, $"'{name}' is {node.Shape}: expected a list.");

        var items = sequence.Items.Select((item, i) => Value(item, element, $"{name}[{i}]")).ToList();
        if (items.Contains(null))
            return null;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        items.ForEach(item => list.Add(item));
        return list;
    }

    object? Dictionary(YamlNode node, Type element, string name)
    {
        if (node is not YamlMapping mapping)
            return Fault(node.Line, $"'{name}' is {node.Shape}: expected names with values.");

        var items = mapping.Entries.Select(e => Value(e.Value, element, $"{name}.{e.Key}")).ToList();
        if (items.Contains(null))
            return null;
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var (entry, item) in mapping.Entries.Zip(items))
            dictionary.Add(entry.Key, item);
        return dictionary;
    }

    object? Record(YamlNode node, Type type, string name)
    {
        if (node is not YamlMapping mapping)
            return Fault(node.Line, $"{name} is {node.Shape}: expected a mapping of properties.");

        var shape = shapes.Of(type);
        var others = mapping.Entries.Where(e => !shape.Names.Contains(e.Key)).ToList();
        var record = Activator.CreateInstance(type)!;
        if (shape.Options is not null)
            shape.Options.SetValue(record, OptionTexts.Of(others, (line, message) => Fault(line, message)));
        else
            others.ForEach(entry => Fault(entry.Line, $"unknown property '{entry.Key}': {Suggestion.Phrase(entry.Key, shape.Names)}"));

        var failed = new HashSet<string>(StringComparer.Ordinal);
        var whole = true;
        foreach (var member in shape.Members)
        {
            if (mapping.Find(member.Name) is not { } entry)
            {
                if (member.Required)
                    Fault(mapping.Line, $"'{member.Name}' is missing.");
                whole &= !member.Required;
            }
            else if (entry.Value is YamlScalar { IsNull: true } && member.Nullable)
            {
                member.Property.SetValue(record, null);
            }
            else if (Value(entry.Value, member.Type, member.Name) is { } value)
            {
                member.Property.SetValue(record, value);
                if (!Keeps(member, value, record, entry.Line))
                    failed.Add(member.Property.Name);
            }
            else
            {
                failed.Add(member.Property.Name);
                whole &= !member.Required;
            }
        }

        if (!whole)
            return null;
        map.Add(record, file, mapping, failed);
        if (record is IValidatableObject validatable)
            Validate(validatable);
        return record;
    }

    bool Keeps(RecordMember member, object value, object record, int line)
    {
        var kept = true;
        foreach (var rule in member.Rules)
        {
            var context = new ValidationContext(record) { MemberName = member.Property.Name, DisplayName = member.Name };
            if (rule.GetValidationResult(value, context) is { } broken)
            {
                Fault(line, RuleMessages.Of(member.Name, value, rule) ?? broken.ErrorMessage!);
                kept = false;
            }
        }

        return kept;
    }

    // A record judges itself only by what could be read: a member that has a fault of its own is not reported again.
    void Validate(IValidatableObject record)
    {
        foreach (var broken in record.Validate(new(record)).OfType<ValidationResult>())
            map.Report(new(record, broken.MemberNames.FirstOrDefault() ?? "", broken.ErrorMessage ?? "not valid."), faults);
    }

    object? Fault(int line, string message)
    {
        faults.Add(new(file, line, message));
        return null;
    }
}
