using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>
/// Follows a reader through a document and says when it stands at a path: property names separated by dots (<c>data.bars[*]</c>,
/// <c>$['Time Series'].{date}</c>), <c>[*]</c> for all elements of an array, <c>*</c> or <c>{key}</c> for all entries of an object. No document is built.
/// </summary>
internal sealed class JsonPath
{
    readonly Step[] _steps;
    readonly bool[] _inArray;
    int _depth;
    int _level;
    bool _named;

    public JsonPath(string? path, bool dropLastElements = false)
    {
        var steps = Parse(path ?? "");
        if (dropLastElements && steps is [.., { IsElements: true }])
            steps.RemoveAt(steps.Count - 1);
        _steps = [.. steps];
        _inArray = new bool[_steps.Length + 1];
    }

    /// <summary>Name that the path gives to the keys of a map whose entries are the values it leads to; null if it leads to none.</summary>
    public string? KeyName => _steps is [.., { IsEntries: true } last] ? last.Key : null;

    /// <summary>Key of the entry at which the reader stands; null where the values are no entries of a map.</summary>
    public string? Key { get; private set; }

    /// <summary>Takes the reader's token into account; true when it begins the value at the path.</summary>
    public bool Follow(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _named = _depth == _level + 1 && _level < _steps.Length && !_inArray[_level] && Fits(_steps[_level], ref reader);
                return false;

            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _depth--;
                if (_level > 0 && _depth == _level)
                    _level--;
                return false;

            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var at = IsAt(reader.TokenType is JsonTokenType.StartArray);
                _depth++;
                return at;

            default:
                return IsAt(null);
        }
    }

    bool Fits(Step step, ref Utf8JsonReader reader)
    {
        if (step.IsEntries && _level == _steps.Length - 1)
            Key = reader.GetString();
        return step.IsEntries || (step.Name is not null && reader.ValueTextEquals(step.Name));
    }

    // 'container' is null for a plain value, else whether it is an array.
    bool IsAt(bool? container)
    {
        if (_depth == 0)
        {
            _inArray[0] = container is true;
            return _steps.Length == 0;
        }

        var here = _named || (_depth == _level + 1 && _level < _steps.Length && _inArray[_level] && _steps[_level].IsElements);
        _named = false;
        if (!here)
            return false;
        if (_level == _steps.Length - 1)
            return true;
        if (container is { } isArray)
            _inArray[++_level] = isArray;
        return false;
    }

    static List<Step> Parse(string path)
    {
        List<Step> steps = [];
        var rest = path.AsSpan().Trim();
        if (rest.StartsWith("$"))
            rest = rest[1..];
        while (!rest.IsEmpty)
        {
            if (rest.StartsWith("[*]"))
            {
                steps.Add(new(null, null));
                rest = rest[3..];
            }
            else if (rest.Length > 2 && rest[0] == '[' && rest[1] is '\'' or '"' && rest[2..].IndexOf($"{rest[1]}]") is >= 0 and var close)
            {
                steps.Add(new(rest.Slice(2, close).ToString(), null));
                rest = rest[(close + 4)..];
            }
            else
            {
                rest = rest.TrimStart('.');
                var end = rest.IndexOfAny('.', '[') is > 0 and var length ? length : rest.Length;
                var name = rest[..end].Trim().ToString();
                if (name is ['{', .., '}'])
                    steps.Add(new(null, name[1..^1]));
                else if (name is "*")
                    steps.Add(new(null, ""));
                else if (name.Length > 0)
                    steps.Add(new(name, null));
                rest = rest[end..];
            }
        }

        return steps;
    }

    /// <summary>A property; without a name the elements of an array, or with a key the entries of an object.</summary>
    readonly record struct Step(string? Name, string? Key)
    {
        public bool IsElements => Name is null && Key is null;

        public bool IsEntries => Key is not null;
    }
}
