using System.Runtime.InteropServices;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>
/// Values of what stands around the records: properties of an object on the way to them by their name (<c>date</c>), those of an object beside the way
/// by both names (<c>meta.symbol</c>). A value counts until the object on the way ends.
/// </summary>
internal sealed class JsonInherited(IReadOnlyList<string> names)
{
    readonly (string Text, byte[] Bytes)[] _names = [.. names.Select(n => (n, Encoding.UTF8.GetBytes(n)))];
    readonly Dictionary<string, (byte[] Text, CellKind Kind, int Depth)> _values = new(StringComparer.Ordinal);
    readonly List<Place> _places = [];
    string? _taken;
    byte[]? _below; // name of the property whose value comes next, where names below it are asked for

    /// <summary>Whether the object around the next property has a name that a name asked for begins with.</summary>
    public bool IsNear => _places.Count > 0 && _places[^1].Prefix is not null;

    /// <summary>Whether the value that comes next is asked for.</summary>
    public bool Takes => _taken is not null;

    public void Clear()
    {
        _values.Clear();
        _places.Clear();
        (_taken, _below) = (null, null);
    }

    /// <summary>The value of the name; null where there is none yet.</summary>
    public (byte[] Text, CellKind Kind)? Find(string name) => _values.TryGetValue(name, out var value) ? (value.Text, value.Kind) : null;

    /// <summary>A property whose value comes next.</summary>
    public void Property(ReadOnlySpan<byte> name, bool isOnPath)
    {
        (_taken, _below) = (null, null);
        if (_names.Length == 0)
            return;
        var prefix = _places[^1].Prefix;
        foreach (var (text, bytes) in _names)
        {
            var rest = prefix is null ? default : Behind(bytes, prefix);
            if ((isOnPath && name.SequenceEqual(bytes)) || (!rest.IsEmpty && name.SequenceEqual(rest)))
                _taken = text;
            else if (isOnPath && !Behind(bytes, name).IsEmpty)
                _below = name.ToArray();
            else if (!rest.IsEmpty && !Behind(rest, name).IsEmpty)
                _below = [.. prefix!, (byte)'.', .. name];
        }
    }

    /// <summary>Takes the value of the property.</summary>
    public void Set(byte[] text, CellKind kind)
    {
        _values[_taken!] = (text, kind, _places[^1].Anchor);
        _taken = null;
    }

    /// <summary>An object or array begins.</summary>
    public void Enter(int depth, bool isArray, bool isOnPath)
    {
        if (_names.Length == 0)
            return;
        CollectionsMarshal.SetCount(_places, depth);
        _places[depth - 1] = new(isArray ? null : _below, isOnPath ? depth : depth > 1 ? _places[depth - 2].Anchor : 0);
        (_taken, _below) = (null, null);
    }

    /// <summary>One has ended, so that so many are left.</summary>
    public void Leave(int depth)
    {
        if (_names.Length == 0)
            return;
        CollectionsMarshal.SetCount(_places, depth);
        foreach (var (text, _) in _names)
        {
            if (_values.TryGetValue(text, out var value) && value.Depth > depth)
                _values.Remove(text);
        }
    }

    /// <summary>What stands behind a name and a point; empty where the text does not begin with them.</summary>
    static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        text.Length > name.Length + 1 && text.StartsWith(name) && text[name.Length] == '.' ? text[(name.Length + 1)..] : default;

    /// <summary>An object or array around the next value.</summary>
    /// <param name="Prefix">Its name, where names below it are asked for.</param>
    /// <param name="Anchor">Depth of the nearest one on the way to the records, itself included.</param>
    readonly record struct Place(byte[]? Prefix, int Anchor);
}
