using System.Text;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Numbers columns by name, from UTF-8, without making a string for a name that is known.</summary>
internal sealed class ColumnNames(int most)
{
    readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    readonly List<string> _names = [];

    public int Count => _names.Count;

    public string this[int column] => _names[column];

    public int IndexOf(string name) => _byName.GetValueOrDefault(name, -1);

    public int Add(ReadOnlySpan<char> name)
    {
        var lookup = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known))
            return known;
        if (_names.Count == most)
            throw new ConversionException($"There are more than {most} columns; '{name}' is one too many.");
        var text = name.ToString();
        _byName.Add(text, _names.Count);
        _names.Add(text);
        return _names.Count - 1;
    }

    public int Add(ReadOnlySpan<byte> name)
    {
        Span<char> characters = name.Length <= 256 ? stackalloc char[256] : new char[name.Length];
        return Add(characters[..Encoding.UTF8.GetChars(name, characters)]);
    }

    /// <summary>Forgets the columns from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        for (; _names.Count > count; _names.RemoveAt(_names.Count - 1))
            _byName.Remove(_names[^1]);
    }

    /// <summary>Adds a name that may be empty or taken: <c>column3</c>, <c>price_2</c>.</summary>
    public string AddUnique(string name)
    {
        var wanted = name.Length == 0 ? $"column{_names.Count + 1}" : name;
        var unique = wanted;
        for (var i = 2; _byName.ContainsKey(unique); i++)
            unique = $"{wanted}_{i}";
        Add(unique);
        return unique;
    }
}
