using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Reads the messages of a log: one or several a line, over several lines, with or without other text around them. A damaged message is rejected and the next
/// one read. Not thread-safe.
/// </summary>
internal sealed class FixBlockReader(FixOptions options, ConversionLimits limits) : IBlockReader
{
    const string NoMessage = "lines without a message were passed over";
    const string Behind = "texts behind a message were left out";
    const string NoUtf8 = "values were no UTF-8 and were read in another encoding";
    readonly FixMessageCutter _cut = new(options.Dictionaries, options.Verify);
    readonly FixRow _row = new(options, limits);
    readonly FixValidator? _validator = options.Validate ? new() : null;
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    long _rows;
    long _offset;
    long _line;
    long _decoded;

    /// <summary>Whether the bytes read so far end behind a message in its line.</summary>
    bool _isBehind;

    public bool IsInsideRejected { get; private set; }

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public IReadOnlyList<string> Notes => [];

    public void Begin(BlockStart start)
    {
        (_rows, _offset, _line, _isBehind) = (0, 0, 0, false);
        _counts.Clear();
        IsInsideRejected = start == BlockStart.InsideRejected;
    }

    public void Skip(ReadOnlySpan<byte> bytes, int rows)
    {
        _rows += rows;
        Advance(bytes);
        if (!bytes.IsEmpty)
            _isBehind = bytes[^1] != '\n';
    }

    void Advance(ReadOnlySpan<byte> bytes)
    {
        _offset += bytes.Length;
        _line += bytes.Count((byte)'\n');
    }

    public int Read(ReadOnlySpan<byte> content, bool isLast, IRowConsumer consumer)
    {
        var used = IsInsideRejected ? Rest(content) : 0;
        while (used < content.Length && !IsInsideRejected)
        {
            var rest = content[used..];
            var start = FixScan.Start(rest, 0);
            if (start < 0)
                return used + Between(rest, isLast);
            // The start of the line waits with its message.
            var line = rest[..start].LastIndexOf((byte)'\n') + 1;
            PassOver(rest[..line]);
            used += line;
            var read = Message(rest[line..], start - line, isLast, consumer);
            if (read < 0)
                return used;
            used += read;
        }

        return used;
    }

    /// <summary>What follows of a record that was given up: up to the line's end, or to the next message.</summary>
    int Rest(ReadOnlySpan<byte> content)
    {
        var line = content.IndexOf((byte)'\n');
        var next = FixScan.Start(line < 0 ? content : content[..line], 0);
        var length = next >= 0 ? next : line >= 0 ? line : content.Length;
        IsInsideRejected = next < 0 && line < 0;
        Advance(content[..length]);
        return length;
    }

    /// <summary>Text in which no message begins.</summary>
    int Between(ReadOnlySpan<byte> text, bool isLast)
    {
        var length = isLast ? text.Length : text.LastIndexOf((byte)'\n') + 1;
        // A line without an end is not kept for ever; a message may begin in its last bytes.
        if (length == 0 && text.Length > limits.MaxRecordBytes)
            length = text.Length - FixScan.StartBytes;
        PassOver(text[..length]);
        return length;
    }

    /// <summary>Counts what is no message.</summary>
    void PassOver(ReadOnlySpan<byte> text)
    {
        for (var rest = text; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (!Bare(line).IsEmpty)
                Count(_isBehind ? Behind : NoMessage);
            _isBehind &= end < 0;
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        Advance(text);
    }

    ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text) => Bare(text, _cut.Separator);

    /// <summary>Text around messages without blanks and separators at its ends.</summary>
    public static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text, ReadOnlySpan<byte> separator)
    {
        text = text.Trim(" \t\r\n\u0001"u8);
        while (text.StartsWith(separator))
            text = text[separator.Length..].TrimStart(" \t"u8);
        return text;
    }

    void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    /// <summary>Reads one message with what stands before it in its line.</summary>
    /// <returns>Bytes read; -1 where the message's end, or what follows it in its line, is not there yet.</returns>
    int Message(ReadOnlySpan<byte> line, int start, bool isLast, IRowConsumer consumer)
    {
        var text = line[start..];
        var window = text[..Math.Min(text.Length, limits.MaxRecordBytes + 1)];
        var cut = _cut.Cut(window, isLast && window.Length == text.Length);
        if (cut == FixCut.Unfinished && window.Length <= limits.MaxRecordBytes)
            return -1;
        var place = new RowPlace(_rows + 1, _offset + start, _line + 1);
        if (cut == FixCut.Unfinished || _cut.Length > limits.MaxRecordBytes)
        {
            var end = window.IndexOf((byte)'\n');
            IsInsideRejected = end < 0;
            _rows++;
            consumer.Reject(place, null, "record-size", $"a message of at most {limits.MaxRecordBytes} bytes", window[..limits.MaxRecordBytes]);
            return Done(line[..(start + (end < 0 ? window.Length : end))]);
        }

        var behind = text[_cut.Length..];
        if (!isLast && !behind.IsEmpty && behind.Length <= limits.MaxRecordBytes && behind.IndexOf((byte)'\n') < 0 && FixScan.Start(behind, 0) < 0)
            return -1;
        Take(text[.._cut.Length], Bare(line[..start]), cut, consumer, place);
        return Done(line[..(start + _cut.Length)]);
    }

    int Done(ReadOnlySpan<byte> bytes)
    {
        _isBehind = true;
        Advance(bytes);
        return bytes.Length;
    }

    void Take(ReadOnlySpan<byte> message, ReadOnlySpan<byte> prefix, FixCut cut, IRowConsumer consumer, in RowPlace place)
    {
        var type = _cut.Type(message);
        if (options.Table is not null && type is null)
            Count("damaged messages without a type were passed over");
        if (!options.IsWanted(type, _cut.Version))
            return;
        _rows++;
        if (cut == FixCut.Broken)
        {
            consumer.Reject(place, null, _cut.Rule, _cut.Expected, message);
            return;
        }

        var body = _cut.Version.Message(type ?? "");
        var columns = consumer.Names.Count;
        var fault = _validator?.Check(message, _cut, type ?? "", body) ?? _row.Read(message, prefix, _cut, body, consumer.Names) ?? _validator?.CheckFields(message, _cut, body!);
        if (fault is not null)
        {
            consumer.Names.Truncate(columns);
            consumer.Reject(place, fault.Tag == 0 ? null : _cut.Version.Field(fault.Tag)?.Name ?? $"Tag{fault.Tag}", fault.Rule, fault.Expected, message);
            return;
        }

        consumer.Row(_row.Bytes, _row.Cells, place, message);
        if (_row.Decoded > _decoded)
            _counts[NoUtf8] = _counts.GetValueOrDefault(NoUtf8) + _row.Decoded - _decoded;
        _decoded = _row.Decoded;
    }
}
