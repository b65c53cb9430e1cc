using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Follows a reader through a document and says when it stands at a <see cref="RecordPath"/>. No document is built.</summary>
internal sealed class JsonPath
{
    readonly RecordStep[] _steps;
    readonly bool[] _inArray;
    readonly int[] _next; // place of the next element, of each array on the way
    readonly string?[] _keys;
    readonly int _fixed; // steps before the first that may lead nowhere
    int _depth;
    int _level;
    bool _named;

    /// <param name="path">The path; null for the root.</param>
    /// <param name="dropLastElements">Whether it is to be followed to the array only whose elements it names last.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public JsonPath(string? path, bool dropLastElements = false)
        : this(RecordPath.Parse(path ?? "$"), dropLastElements)
    {
    }

    JsonPath(RecordPath path, bool dropLastElements = false)
    {
        _steps = [.. dropLastElements && path.EndsInElements ? path.Steps.Take(path.Steps.Count - 1) : path.Steps];
        _inArray = new bool[_steps.Length + 1];
        _next = new int[_steps.Length + 1];
        _keys = new string?[_steps.Length];
        _fixed = Array.FindIndex(_steps, s => s.Kind is RecordStepKind.Elements or RecordStepKind.Entries);
    }

    /// <summary>Whether there was the list or map whose members the path names first, though it may have none.</summary>
    public bool IsReached { get; private set; }

    /// <summary>A path inside records that are arrays, as the columns of such records are called: <c>column1</c>, <c>column2</c> …; null for another name.</summary>
    public static JsonPath? OfColumn(string name) =>
        name.StartsWith("column", StringComparison.Ordinal) && int.TryParse(name.AsSpan("column".Length), out var place) && place > 0
            ? new(RecordPath.Of(RecordStep.Element(place - 1)))
            : null;

    /// <summary>Keys that the path gave names to, on the way to where the reader stands.</summary>
    public IEnumerable<(string Name, string Key)> Keys()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i].Capture is { } name && _keys[i] is { } key)
                yield return (name, key);
        }
    }

    /// <summary>Takes the reader's token into account; true when it begins the value at the path.</summary>
    public bool Follow(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _named = _depth == _level + 1 && _level < _steps.Length && !_inArray[_level] && Takes(_steps[_level], ref reader);
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

    bool Takes(RecordStep step, ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Takes(step, reader.ValueSpan);
        var name = new byte[reader.ValueSpan.Length];
        return Takes(step, name.AsSpan(0, reader.CopyString(name)));
    }

    bool Takes(RecordStep step, ReadOnlySpan<byte> name)
    {
        if (!step.Takes(name))
            return false;
        if (step.Kind is RecordStepKind.Entries)
            _keys[_level] = Encoding.UTF8.GetString(step.CapturedOf(name));
        return true;
    }

    // 'container' is null for a plain value, else whether it is an array.
    bool IsAt(bool? container)
    {
        if (_depth == 0)
        {
            Enter(container);
            return _steps.Length == 0;
        }

        var isElement = _depth == _level + 1 && _level < _steps.Length && _inArray[_level];
        var here = _named || (isElement && _steps[_level].Takes(_next[_level]++));
        _named = false;
        if (!here)
            return false;
        if (_level == _steps.Length - 1)
            return true;
        if (container is not null)
        {
            _level++;
            Enter(container);
        }

        return false;
    }

    void Enter(bool? container)
    {
        (_inArray[_level], _next[_level]) = (container is true, 0);
        IsReached |= _level == _fixed && container is { } isArray && isArray == _steps[_level].Kind is RecordStepKind.Elements;
    }
}
