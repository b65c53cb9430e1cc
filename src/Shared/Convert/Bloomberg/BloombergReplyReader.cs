using System.Globalization;
using System.Text;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Bloomberg;

/// <summary>Reads a reply to its end, which must be there: a file that was cut is no shorter reply.</summary>
/// <param name="inherit">Header values that every record repeats, such as RUNDATE.</param>
internal sealed class BloombergReplyReader(IReadOnlyList<string> inherit, ConversionLimits limits) : IRowReader
{
    const int RowsBetweenPumps = 1024;
    const int MostHeaderLines = 100_000;

    readonly ReplyHeader _header = new();
    readonly RowCells _cells = new();
    readonly List<Range> _parts = [];
    readonly SortedDictionary<string, long> _withheld = new(StringComparer.Ordinal);
    int[] _columns = [];
    int[] _inherited = [];
    byte[] _field = [];
    long _rows;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var reader = new LineReader(content, limits.MaxRecordBytes);
        await ReadHeaderAsync(reader, cancellationToken);
        NameColumns(consumer.Names);
        var skips = _header.HasColumnLine;
        while (true)
        {
            var line = await NextAsync(reader, "END-OF-DATA", cancellationToken);
            if (Is(line, "END-OF-DATA"u8))
                break;
            if (line.IsBlank || line.Bytes[0] == '#')
                continue;
            if (skips)
                skips = false;
            else if (!_header.IsHistory || !IsFrame(line))
                Read(line, consumer);
            if (_rows % RowsBetweenPumps == 0)
                await consumer.PumpAsync(cancellationToken);
        }

        await ReadFooterAsync(reader, cancellationToken);
        await consumer.PumpAsync(cancellationToken);
        return Notes();
    }

    async ValueTask ReadHeaderAsync(LineReader reader, CancellationToken cancellationToken)
    {
        for (var lines = 0; lines < MostHeaderLines; lines++)
        {
            var line = await NextAsync(reader, "START-OF-DATA", cancellationToken);
            if (Is(line, "START-OF-DATA"u8))
                return;
            _header.Add(line.Bytes);
        }

        throw new ConversionException($"The reply has more than {MostHeaderLines} lines before START-OF-DATA.");
    }

    /// <summary>The number of records is checked where the reply says it.</summary>
    async ValueTask ReadFooterAsync(LineReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await NextAsync(reader, "END-OF-FILE", cancellationToken);
            if (Is(line, "END-OF-FILE"u8))
                break;
            _header.Add(line.Bytes);
        }

        if (!_header.IsHistory && long.TryParse(_header["DATARECORDS"], NumberStyles.None, CultureInfo.InvariantCulture, out var said) && said != _rows)
            throw new ConversionException($"The reply says DATARECORDS={said}, but {_rows} records came: it is damaged, ask for it again.");
    }

    static async ValueTask<TextLine> NextAsync(LineReader reader, string awaited, CancellationToken cancellationToken) =>
        await reader.NextAsync(cancellationToken) ?? throw new ConversionException($"The reply ends without {awaited}: it was cut, fetch it again.");

    static bool Is(TextLine line, ReadOnlySpan<byte> word) => line.Bytes.AsSpan().TrimEnd((byte)' ').SequenceEqual(word);

    void NameColumns(ColumnNames names)
    {
        string[] columns = _header.IsHistory
            ? [ReplyColumns.Identifier, ReplyColumns.Date, ReplyColumns.Value, ReplyColumns.Field]
            : [ReplyColumns.Identifier, ReplyColumns.ReturnCode, ReplyColumns.FieldCount, .. _header.Fields];
        // Inference reads a second time with the names that it has; a field that is asked for twice is two columns.
        _columns = new int[columns.Length];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
            _columns[i] = names.Add(Unique(columns[i], taken));
        _inherited = [.. inherit.Select(key => names.Add(Unique(key, taken)))];
    }

    static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    /// <summary>A line of gethistory around the days of one series: <c>START SECURITY|IBM US Equity|PX_LAST|</c>.</summary>
    bool IsFrame(TextLine line)
    {
        var isStart = line.Bytes.AsSpan().StartsWith("START SECURITY"u8);
        if (!isStart && !line.Bytes.AsSpan().StartsWith("END SECURITY"u8))
            return false;
        Cut(line.Bytes);
        _field = isStart && _parts.Count > 2 ? line.Bytes[_parts[2]] : [];
        return true;
    }

    void Read(TextLine line, IRowConsumer consumer)
    {
        var place = new RowPlace(++_rows, line.Offset, line.Number);
        if (line.IsTooLong || !line.IsUtf8)
        {
            consumer.Reject(place, null, line.IsTooLong ? "record-size" : "utf-8", line.IsTooLong ? $"a line of at most {limits.MaxRecordBytes} bytes" : "text in UTF-8", line.Bytes);
            return;
        }

        Cut(line.Bytes);
        if (Fault(line.Bytes) is var (column, rule, expected))
        {
            consumer.Reject(place, column, rule, expected, line.Bytes);
            return;
        }

        for (var i = 0; i < _parts.Count; i++)
            Set(_columns[i], line.Bytes.AsSpan(_parts[i]));
        if (_header.IsHistory)
            Set(_columns[^1], _field);
        for (var i = 0; i < _inherited.Length; i++)
            Set(_inherited[i], Encoding.UTF8.GetBytes(_header[inherit[i]] ?? ""));
        _cells.Flush(consumer, place, line.Bytes);
    }

    /// <summary>What is wrong with the record that was cut.</summary>
    (string? Column, string Rule, string Expected)? Fault(byte[] line)
    {
        if (_header.IsHistory)
            return _parts.Count == 3 ? null : (null, "ragged", "security, day and value");
        if (_parts.Count < 3)
            return (null, "ragged", "a security, its return code, the number of fields, and the fields");
        if (!line.AsSpan(_parts[1]).Trim((byte)' ').SequenceEqual("0"u8))
            return (ReplyColumns.ReturnCode, "return-code", "0, for a security that was answered; 10 means that there is none of the name");
        return _parts.Count == _header.Fields.Count + 3 ? null : (null, "ragged", $"{_header.Fields.Count} fields");
    }

    /// <summary>Every value is followed by a delimiter, the last one of a line too.</summary>
    void Cut(ReadOnlySpan<byte> line)
    {
        _parts.Clear();
        var at = 0;
        while (at <= line.Length)
        {
            var length = line[at..].IndexOf(_header.Delimiter);
            var end = length < 0 ? line.Length : at + length;
            if (length >= 0 || at < line.Length)
                _parts.Add(at..end);
            at = end + 1;
        }
    }

    void Set(int column, ReadOnlySpan<byte> value)
    {
        var text = value.Trim((byte)' ');
        if (text.IsEmpty || text.SequenceEqual(ReplyColumns.NotApplicable))
            return;
        foreach (var withheld in ReplyColumns.Withheld)
        {
            if (!text.SequenceEqual(withheld))
                continue;
            var word = Encoding.UTF8.GetString(withheld);
            _withheld[word] = _withheld.GetValueOrDefault(word) + 1;
            return;
        }

        _cells.Set(column, text);
    }

    List<string> Notes()
    {
        var notes = new List<string>();
        if (_header["PROGRAMNAME"] is { } program)
            notes.Add($"the reply of {program}");
        notes.AddRange(_withheld.Select(w => $"{w.Value} values are '{w.Key}', which is no value: {w.Key switch { "N.S." => "the field is not subscribed", "N.D." => "the field cannot be had this way", _ => "there is no such field" }}"));
        return notes;
    }
}
