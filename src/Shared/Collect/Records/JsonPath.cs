using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>
/// Follows a reader through a document and says when it stands at a path: property names separated by dots, <c>[*]</c> for all
/// elements of an array (<c>data.bars[*]</c>). No document is built.
/// </summary>
internal sealed class JsonPath
{
    const string AllElements = "*";

    readonly string[] _segments;
    readonly bool[] _inArray;
    int _depth;
    int _level;
    bool _named;

    public JsonPath(string? path, bool dropLastElements = false)
    {
        List<string> segments = [];
        foreach (var part in (path ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var name = part;
            var arrays = 0;
            for (; name.EndsWith("[*]", StringComparison.Ordinal); name = name[..^3])
                arrays++;
            if (name is not ("" or "$" or AllElements))
                segments.Add(name);
            else if (name == AllElements)
                arrays++;
            segments.AddRange(Enumerable.Repeat(AllElements, arrays));
        }

        if (dropLastElements && segments.Count > 0 && segments[^1] == AllElements)
            segments.RemoveAt(segments.Count - 1);
        _segments = [.. segments];
        _inArray = new bool[_segments.Length + 1];
    }

    /// <summary>Takes the reader's token into account; true when it begins the value at the path.</summary>
    public bool Follow(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _named = _depth == _level + 1 && _level < _segments.Length && !_inArray[_level] && reader.ValueTextEquals(_segments[_level]);
                return false;

            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _depth--;
                if (_level > 0 && _depth == _level)
                    _level--;
                return false;

            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var isArray = reader.TokenType is JsonTokenType.StartArray;
                var at = IsAt(isArray);
                _depth++;
                return at;

            default:
                return IsAt(null);
        }
    }

    // 'container' is null for a plain value, else whether it is an array.
    bool IsAt(bool? container)
    {
        if (_depth == 0)
        {
            _inArray[0] = container is true;
            return _segments.Length == 0;
        }

        var here = _named || (_depth == _level + 1 && _level < _segments.Length && _inArray[_level] && _segments[_level] == AllElements);
        _named = false;
        if (!here)
            return false;
        if (_level == _segments.Length - 1)
            return true;
        if (container is { } isArray)
            _inArray[++_level] = isArray;
        return false;
    }
}
