using System.Text;

namespace DataIngestion.Conversion.Markup;

/// <summary>
/// An element of a record with everything in it: small trees, one record each. What a table takes from it is marked, so that what was left
/// can be told.
/// </summary>
internal sealed class MarkupElement(string name, string space, int line)
{
    static readonly List<MarkupElement> None = [];
    List<(string Name, string Value, bool IsTaken)>? _attributes;
    List<MarkupElement>? _children;
    StringBuilder? _more;
    string _text = "";

    /// <summary>The local name.</summary>
    public string Name { get; } = name;

    public string Space { get; } = space;

    /// <summary>Where it begins, from 1.</summary>
    public int Line { get; } = line;

    public List<MarkupElement> Children => _children ?? None;

    /// <summary>Whether its text was taken, or with it everything inside.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Its own character data.</summary>
    public string Text => _more is null ? _text : _more.ToString();

    public void AddText(string text)
    {
        if (_text.Length == 0 && _more is null)
            _text = text;
        else
            (_more ??= new StringBuilder(_text)).Append(text);
    }

    /// <summary>Characters of its name and attributes.</summary>
    public int Size { get; private set; } = name.Length;

    public void AddAttribute(string attribute, string value)
    {
        (_attributes ??= []).Add((attribute, value, false));
        Size += attribute.Length + value.Length;
    }

    public void Add(MarkupElement child) => (_children ??= []).Add(child);

    /// <summary>Forgets a child, usually the last.</summary>
    public void RemoveLast(MarkupElement child)
    {
        if (_children?.LastIndexOf(child) is >= 0 and var at)
            _children.RemoveAt(at);
    }

    /// <summary>Forgets all children.</summary>
    public void Clear() => _children = null;

    /// <summary>The first child of a name.</summary>
    public MarkupElement? Child(ReadOnlySpan<char> child)
    {
        foreach (var candidate in Children)
        {
            if (child.SequenceEqual(candidate.Name))
                return candidate;
        }

        return null;
    }

    public string? Attribute(ReadOnlySpan<char> attribute)
    {
        for (var i = 0; i < (_attributes?.Count ?? 0); i++)
        {
            if (attribute.SequenceEqual(_attributes![i].Name))
                return _attributes[i].Value;
        }

        return null;
    }

    public string? TakeAttribute(ReadOnlySpan<char> attribute)
    {
        for (var i = 0; i < (_attributes?.Count ?? 0); i++)
        {
            var (found, value, _) = _attributes![i];
            if (!attribute.SequenceEqual(found))
                continue;
            _attributes[i] = (found, value, true);
            return value;
        }

        return null;
    }

    /// <summary>Whether there are attributes that nobody took.</summary>
    public bool HasLeft => _attributes?.Exists(a => !a.IsTaken) == true;

    /// <summary>Attributes that nobody took.</summary>
    public IEnumerable<(string Name, string Value)> Left => (_attributes ?? []).Where(a => !a.IsTaken).Select(a => (a.Name, a.Value));

    /// <summary>All attributes.</summary>
    public IEnumerable<(string Name, string Value)> Attributes => (_attributes ?? []).Select(a => (a.Name, a.Value));
}
