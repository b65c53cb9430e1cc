using System.Globalization;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Makes a row of a message: a column for each field by its name, a repeating group as JSON in the column of its count. Not thread-safe; a row lasts
/// until the next one.
/// </summary>
internal sealed class FixRow(FixOptions options, ConversionLimits limits)
{
    /// <summary>The column of what stands before a message in its line.</summary>
    public const string PrefixColumn = "LogPrefix";

    /// <summary>How often a field may stand in a message outside groups, each time in a column of its own.</summary>
    const int MostRepeats = 9;
    readonly RowText _bytes = new();
    readonly RowText _json = new();
    readonly FixValues _values = new(options.KeepsText, options.NamesValues, options.Encoding);
    /// <summary>Numbers below have their columns in an array, for the version of the last message.</summary>
    const int Usual = 1024;
    readonly (int Column, string? Name)[] _usual = new (int, string?)[Usual];
    readonly Dictionary<(FixVersion Version, int Tag), (int Column, string? Name)> _columns = [];
    readonly List<Dictionary<int, long>> _seen = [];
    Cell[] _cells = [];
    int _used;
    long _entry;
    FixVersion _version = options.Dictionaries.For("FIX.4.4"u8, default);
    ColumnNames _names = new(1);
    bool _isUtf8;

    public ReadOnlySpan<byte> Bytes => _bytes.Written;

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, _used);

    /// <summary>Values that were no UTF-8.</summary>
    public long Decoded => _values.Decoded;

    /// <summary>Makes a row; otherwise says which field breaks which rule.</summary>
    public FixFault? Read(ReadOnlySpan<byte> message, ReadOnlySpan<byte> prefix, FixMessageCutter cut, FixMembers? body, ColumnNames names)
    {
        _bytes.Clear();
        _bytes.Write(message);
        _isUtf8 = Utf8.IsValid(message);
        Array.Clear(_cells, 0, _used);
        if (!ReferenceEquals(_version, cut.Version))
            Array.Clear(_usual);
        (_used, _version, _names) = (0, cut.Version, names);
        var tokens = cut.Tokens;
        for (var at = 0; at < tokens.Length;)
        {
            var token = tokens[at];
            var field = _version.Field(token.Tag);
            var fault = Entries(field, token.Tag, body) is { } entries
                ? Group(message, tokens, ref at, field, entries, body)
                : Set(token.Tag, field, _values.Of(field, token.Of(message), token.Start, _bytes, _isUtf8), ref at);
            if (fault is not null)
                return fault;
        }

        if (!prefix.IsEmpty)
            Prefix(prefix);
        return null;
    }

    /// <summary>The fields of a group's entries, where the field counts them.</summary>
    FixMembers? Entries(FixField? field, int tag, FixMembers? body)
    {
        if (body?.Find(tag) is { } member)
            return member.Entries;
        if (field?.Kind is not (FixKind.Count or FixKind.Whole))
            return null;
        return _version.Header.Find(tag)?.Entries ?? (field.Kind == FixKind.Count ? _version.Group(tag) : null);
    }

    void Prefix(ReadOnlySpan<byte> prefix)
    {
        var start = _bytes.Length;
        _bytes.Write(Utf8.IsValid(prefix) ? prefix : System.Text.Encoding.UTF8.GetBytes(options.Encoding.GetString(prefix)));
        Put(_names.Add(PrefixColumn), new(start, _bytes.Length - start, CellKind.Text));
    }

    FixFault? Set(int tag, FixField? field, Cell cell, ref int at)
    {
        at++;
        var column = Column(tag, field);
        if (column < _used && _cells[column].Kind != CellKind.Missing)
        {
            var repeat = 1;
            while (column < _used && _cells[column].Kind != CellKind.Missing)
            {
                if (++repeat > MostRepeats)
                    return new(tag, "repeated-tag", $"a field {Label(tag, field)} at most {MostRepeats} times outside repeating groups; the option 'dictionary' can declare its group");
                column = _names.Add($"{Label(tag, field)}_{repeat}");
            }
        }

        Put(column, cell);
        return null;
    }

    static string Label(int tag, FixField? field) => field?.Name ?? "Tag" + tag.ToString(CultureInfo.InvariantCulture);

    int Column(int tag, FixField? field)
    {
        var usual = tag < Usual;
        if (usual && IsStill(_usual[tag]))
            return _usual[tag].Column;
        if (!usual && _columns.TryGetValue((_version, tag), out var known) && IsStill(known))
            return known.Column;
        var column = _names.Add(Label(tag, field));
        if (usual)
        {
            _usual[tag] = (column, _names[column]);
            return column;
        }

        if (_columns.Count > limits.MaxColumns * 4)
            _columns.Clear();
        _columns[(_version, tag)] = (column, _names[column]);
        return column;
    }

    /// <summary>Names may have been taken back, and others have come in their place.</summary>
    bool IsStill((int Column, string? Name) known) => known.Name is { } name && known.Column < _names.Count && ReferenceEquals(_names[known.Column], name);

    void Put(int column, Cell cell)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(64, column * 2));
        _cells[column] = cell;
        _used = Math.Max(_used, column + 1);
    }

    FixFault? Group(ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, ref int at, FixField? field, FixMembers entries, FixMembers? body)
    {
        _json.Clear();
        var tag = tokens[at].Tag;
        if (Entries(message, tokens, ref at, entries, body, 0) is { } fault)
            return fault;
        var start = _bytes.Length;
        _bytes.Write(_json.Written);
        at--;
        return Set(tag, field, new(start, _json.Length, options.KeepsGroups ? CellKind.Nested : CellKind.Json), ref at);
    }

    /// <summary>Writes the entries of a group as a JSON array.</summary>
    /// <param name="at">At the count; afterwards behind the group.</param>
    FixFault? Entries(ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, ref int at, FixMembers members, FixMembers? body, int depth)
    {
        var (tag, count) = (tokens[at].Tag, FixScan.Number(tokens[at].Of(message)));
        at++;
        var first = at < tokens.Length && members.Find(tokens[at].Tag) is not null ? tokens[at].Tag : members.First;
        while (_seen.Count <= depth)
            _seen.Add([]);
        _seen[depth].Clear();
        var found = 0;
        var opened = _entry;
        _json.Write((byte)'[');
        while (at < tokens.Length && tokens[at].Tag == first)
        {
            if (found++ > 0)
                _json.Write((byte)',');
            if (Entry(message, tokens, ref at, members, body, (first, found < count, opened), depth) is { } fault)
                return fault;
        }

        _json.Write((byte)']');
        return found == count ? null : new(tag, "group-count", $"{(count < 0 ? "a count" : count.ToString(CultureInfo.InvariantCulture))} of entries in {Label(tag, _version.Field(tag))}, of which there are {found}");
    }

    FixFault? Entry(
        ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, ref int at, FixMembers members, FixMembers? body, (int First, bool HasMore, long Opened) group, int depth)
    {
        var entry = ++_entry;
        _json.Write((byte)'{');
        for (var fields = 0; at < tokens.Length && (fields == 0 || tokens[at].Tag != group.First); fields++)
        {
            var token = tokens[at];
            var member = members.Find(token.Tag);
            if (member is null && !IsOwn(token.Tag, body, group, depth))
                break;
            if (_seen[depth].GetValueOrDefault(token.Tag) == entry)
                return new(token.Tag, "repeated-tag", $"{Label(token.Tag, _version.Field(token.Tag))} once in an entry of its group");
            _seen[depth][token.Tag] = entry;
            if (fields > 0)
                _json.Write((byte)',');
            var field = _version.Field(token.Tag);
            _json.WriteJson(field?.Utf8Name ?? System.Text.Encoding.UTF8.GetBytes(Label(token.Tag, null)));
            _json.Write((byte)':');
            if (member?.Entries is { } inner)
            {
                if (Entries(message, tokens, ref at, inner, body, depth + 1) is { } fault)
                    return fault;
                continue;
            }

            Value(field, message, token);
            at++;
        }

        _json.Write((byte)'}');
        return null;
    }

    /// <summary>A field that no dictionary knows stays in the entry where it stands, as long as it is clear that the entry goes on.</summary>
    bool IsOwn(int tag, FixMembers? body, (int First, bool HasMore, long Opened) group, int depth)
    {
        if (_version.Field(tag) is not null || body?.Find(tag) is not null)
            return false;
        return group.HasMore || _seen[depth].GetValueOrDefault(tag) > group.Opened;
    }

    void Value(FixField? field, ReadOnlySpan<byte> message, FixToken token)
    {
        var cell = _values.Of(field, token.Of(message), token.Start, _bytes, _isUtf8);
        var text = _bytes.Written.Slice(cell.Start, cell.Length);
        if (cell.Kind is CellKind.Number or CellKind.Boolean)
            _json.Write(text);
        else
            _json.WriteJson(text);
    }
}

/// <summary>What is wrong with a message.</summary>
/// <param name="Tag">The field; 0 for the message as a whole.</param>
internal sealed record FixFault(int Tag, string Rule, string Expected);
