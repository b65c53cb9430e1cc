using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Fix;

/// <summary>One field of a message: its number and where its value lies in the message.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FixToken(int Tag, int Start, int Length)
{
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}

/// <summary>What came of an attempt to cut a message.</summary>
internal enum FixCut
{
    /// <summary>A message whose length and checksum are right.</summary>
    Whole,

    /// <summary>A message that is damaged: <see cref="FixMessageCutter.Rule"/> says how.</summary>
    Broken,

    /// <summary>The message's end is not there yet.</summary>
    Unfinished,
}

/// <summary>
/// Cuts a message into fields and holds BodyLength (9) and CheckSum (10) against its bytes. Both count one SOH for each separator, whatever a log
/// writes in its place, and nothing for line ends that a log puts between fields. Not thread-safe; what it found lasts until the next message.
/// </summary>
/// <param name="verify">Whether length and checksum must be right.</param>
internal sealed class FixMessageCutter(FixDictionaries dictionaries, bool verify)
{
    const int BeginString = 8;
    const int BodyLength = 9;
    const int CheckSum = 10;
    const int MsgType = 35;
    const int ApplVerId = 1128;
    const int MostTagDigits = 9;
    readonly FixTypeNames _types = new();
    FixToken[] _tokens = new FixToken[64];
    int _count;
    byte[] _separator = [FixSeparator.Soh];
    byte[] _beginString = [];
    FixVersion? _begun;
    int _at;
    int _bodyStart;
    int _folded;
    byte _foldedSum;

    public ReadOnlySpan<FixToken> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>The dictionaries of the message's version.</summary>
    public FixVersion Version { get; private set; } = dictionaries.For("FIX.4.4"u8, default);

    /// <summary>Bytes of the message, with the separator behind it.</summary>
    public int Length { get; private set; }

    /// <summary>Which rule a broken message breaks.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>What was expected of a broken message.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>The separator of the message, for what may follow it.</summary>
    public ReadOnlySpan<byte> Separator => _separator;

    /// <summary>The value of MsgType (35); null where the message has none.</summary>
    public string? Type(ReadOnlySpan<byte> message)
    {
        foreach (var token in Tokens)
        {
            if (token.Tag == MsgType)
                return _types.Of(token.Of(message));
        }

        return null;
    }

    /// <summary>Cuts one message.</summary>
    /// <param name="text">Begins with <c>8=FIX</c>.</param>
    /// <param name="isLast">Whether nothing follows the text.</param>
    public FixCut Cut(ReadOnlySpan<byte> text, bool isLast)
    {
        (_count, Length, _bodyStart, _folded, _foldedSum) = (0, 0, 0, 0, 0);
        var end = 2;
        while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] == '.'))
            end++;
        if (text.Length - end < FixSeparator.MostBytes && !isLast)
            return FixCut.Unfinished;
        var separator = FixSeparator.Length(text[end..]);
        if (separator == 0)
            return BrokenLine(text, end, "garbled", "a separator behind BeginString (8)", isLast);
        if (!text.Slice(end, separator).SequenceEqual(_separator))
            _separator = text.Slice(end, separator).ToArray();
        Begin(text[2..end]);
        Add(BeginString, 2, end - 2);
        _at = end + separator;
        while (true)
        {
            if (Next(text, isLast) is { } result)
                return result;
        }
    }

    void Begin(ReadOnlySpan<byte> beginString)
    {
        if (_begun is null || !beginString.SequenceEqual(_beginString))
            (_beginString, _begun) = (beginString.ToArray(), dictionaries.For(beginString, default));
        Version = _begun;
    }

    /// <summary>Reads one field; null where more follow.</summary>
    FixCut? Next(ReadOnlySpan<byte> text, bool isLast)
    {
        var (at, tag) = (_at, 0);
        for (; at < text.Length && at - _at <= MostTagDigits && (uint)(text[at] - '0') <= 9; at++)
            tag = (tag * 10) + text[at] - '0';
        if (at >= text.Length)
            return isLast ? Broken(text.Length, "garbled", "CheckSum (10) at the end of the message") : FixCut.Unfinished;
        var isField = text[at] == '=' && at > _at && at - _at <= MostTagDigits && text[_at] != '0';
        if (!isField)
            return Other(text, isLast);
        var value = at + 1;
        if (tag == BeginString && text[_at..].StartsWith("8=FIX"u8))
            return Broken(_at, "garbled", "CheckSum (10) before the next message");
        if (tag == CheckSum)
            return Complete(text, value, isLast);
        var field = Version.Field(tag);
        var end = field is { Kind: FixKind.Data } ? DataEnd(text, value, isLast) : -1;
        if (end == -1)
            end = ValueEnd(text, value, isLast);
        if (end < 0)
            return end == NoEnd ? FixCut.Unfinished : Broken(~end, "garbled", "CheckSum (10) at the end of the message");
        Add(tag, value, end - value);
        _at = end + _separator.Length;
        if (tag == BodyLength && _bodyStart == 0)
            _bodyStart = _at;
        else if (tag == ApplVerId)
            Version = dictionaries.For(_beginString, text[value..end]);
        return null;
    }

    /// <summary>Something that is no field: a line end inside the message, a separator that belongs to a value, or damage.</summary>
    FixCut? Other(ReadOnlySpan<byte> text, bool isLast)
    {
        if (text[_at] is (byte)'\r' or (byte)'\n')
            return Fold(text, isLast);
        // Where the separator is a usual character, a value may hold it. The checksum tells whether it did.
        if (_separator[0] == FixSeparator.Soh || ValueEnd(text, _at, isLast) is not (>= 0 and var end))
            return BrokenLine(text, _at, "garbled", "fields of the form tag=value", isLast);
        _tokens[_count - 1] = _tokens[_count - 1] with { Length = end - _tokens[_count - 1].Start };
        _at = end + _separator.Length;
        return null;
    }

    /// <summary>A line end between fields: the message goes on where the next line begins with a field, and is without its end otherwise.</summary>
    FixCut? Fold(ReadOnlySpan<byte> text, bool isLast)
    {
        var rest = text[_at..];
        var blanks = rest.IndexOfAnyExcept("\r\n \t"u8);
        var digits = blanks < 0 ? -1 : rest[blanks..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0 && !isLast)
            return FixCut.Unfinished;
        if (digits <= 0 || rest[blanks + digits] != '=' || rest[blanks..].StartsWith("8=FIX"u8))
            return Broken(_at, "garbled", "CheckSum (10) at the end of the message");
        _folded += _bodyStart > 0 ? blanks : 0;
        _foldedSum += FixScan.Sum(rest[..blanks]);
        _at += blanks;
        return null;
    }

    const int NoEnd = int.MinValue;

    /// <summary>Where a value ends; <see cref="NoEnd"/> where more must be there to know, and the complement of the message's end where it is cut short.</summary>
    int ValueEnd(ReadOnlySpan<byte> text, int value, bool isLast)
    {
        var rest = text[value..];
        var length = _separator.Length == 1 ? rest.IndexOf(_separator[0]) : rest.IndexOf(_separator);
        var inside = length < 0 ? rest : rest[..length];
        var line = inside.IndexOf((byte)'\n');
        // Text between SOH may have several lines; a message that stops short is seen by the next one that begins.
        if (line >= 0 && (_separator[0] != FixSeparator.Soh || FixScan.Start(inside, line) >= 0))
            return ~(value + line);
        if (length >= 0)
            return value + length;
        return isLast ? ~(line >= 0 ? value + line : text.Length) : NoEnd;
    }

    /// <summary>
    /// Where bytes end whose number stands in the field before; -1 where no separator stands there. A number beyond the message's own length is none.
    /// </summary>
    int DataEnd(ReadOnlySpan<byte> text, int value, bool isLast)
    {
        var before = _tokens[_count - 1];
        var length = Version.Field(before.Tag)?.Kind is FixKind.Length or FixKind.Whole ? FixScan.Number(before.Of(text)) : -1;
        if (length < 0 || _bodyStart == 0 || value - _bodyStart + length > FixScan.Number(_tokens[1].Of(text)))
            return -1;
        var end = value + length;
        if (end + _separator.Length > text.Length)
            return isLast ? -1 : NoEnd;
        return text[end..].StartsWith(_separator) ? end : -1;
    }

    /// <summary>The last field, which ends the message.</summary>
    FixCut Complete(ReadOnlySpan<byte> text, int value, bool isLast)
    {
        var digits = text[value..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var end = digits < 0 ? text.Length : value + digits;
        if (!isLast && (digits < 0 || text.Length - end < _separator.Length))
            return FixCut.Unfinished;
        var start = _at;
        Add(CheckSum, value, end - value);
        Length = text[end..].StartsWith(_separator) ? end + _separator.Length : end;
        return verify ? Check(text, start) : FixCut.Whole;
    }

    FixCut Check(ReadOnlySpan<byte> text, int trailer)
    {
        if (_count < 4 || _tokens[1].Tag != BodyLength || _tokens[2].Tag != MsgType)
            return Broken(Length, "garbled", "BeginString (8), BodyLength (9) and MsgType (35) as the first fields");
        var separator = _separator.Length;
        var body = trailer - _bodyStart - _folded - ((_count - 3) * (separator - 1));
        if (FixScan.Number(_tokens[1].Of(text)) != body)
            return Broken(Length, "body-length", $"BodyLength (9) of {body}");
        var sum = (byte)(FixScan.Sum(text[..trailer]) - _foldedSum - ((_count - 1) * (FixScan.Sum(_separator) - FixSeparator.Soh)));
        return _tokens[_count - 1].Length == 3 && FixScan.Number(_tokens[_count - 1].Of(text)) == sum ? FixCut.Whole : Broken(Length, "checksum", $"CheckSum (10) of {sum:000}");
    }

    /// <summary>Gives a message up to the end of its line, or to where the next one begins.</summary>
    FixCut BrokenLine(ReadOnlySpan<byte> text, int from, string rule, string expected, bool isLast)
    {
        var line = text[from..].IndexOf((byte)'\n');
        var next = FixScan.Start(line < 0 ? text : text[..(from + line)], from);
        if (line < 0 && next < 0 && !isLast)
            return FixCut.Unfinished;
        return Broken(next >= 0 ? next : line >= 0 ? from + line : text.Length, rule, expected);
    }

    FixCut Broken(int length, string rule, string expected)
    {
        (Length, Rule, Expected) = (length, rule, expected);
        return FixCut.Broken;
    }

    void Add(int tag, int start, int length)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, _count * 2);
        _tokens[_count++] = new(tag, start, length);
    }
}
