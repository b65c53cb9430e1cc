using System.Text;

namespace DataIngestion.Conversion.Swift;

/// <summary>What was wrong with a message as a whole.</summary>
internal sealed record SwiftFault(string Rule, string Expected, long Line);

/// <summary>
/// Cuts lines into messages: in blocks (<c>{1:}{2:}{3:}{4:}{5:}</c>) as the network writes them, after one another or separated by <c>$</c> (RJE), and the bare text of
/// statements, which a line <c>-</c> or the next <c>:20:</c> ends. Not thread-safe.
/// </summary>
/// <param name="take">Takes each message; with a fault where it is damaged.</param>
internal sealed class SwiftCutter(ConversionLimits limits, Action<SwiftMessage, SwiftFault?> take)
{
    /// <summary>Fields of statements (MT 940, 941, 942, 950); a line that only looks like another field belongs to the text before it.</summary>
    static readonly HashSet<string> StatementTags = new(StringComparer.Ordinal)
    {
        "13", "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "60", "61", "62F", "62M", "62", "64", "65", "86", "90C", "90D", "NS",
    };

    SwiftMessage? _message;
    bool _inText;
    bool _isStatement;
    (string Tag, StringBuilder Value, long Line, long Offset)? _field;
    string _head = "";
    StringBuilder? _open;
    int _depth;
    (long Line, long Offset) _opened;

    /// <summary>Lines outside messages that are not blank.</summary>
    public long Outside { get; private set; }

    public void Line(SwiftLine line)
    {
        var text = line.Text;
        if (_message is { } message && message.Raw.Length < limits.MaxRawCharacters)
            message.Raw.Append(text).Append('\n');
        if (_open is not null && text.StartsWith("{1:F", StringComparison.Ordinal))
            Fail("block", "'}' at the end of the block", _opened.Line);
        if (_open is not null)
            Block(text, line);
        else if (_inText)
            Text(text, line);
        else
            Between(text, line);
    }

    /// <summary>The content is read.</summary>
    public void Complete()
    {
        if (_open is not null)
        {
            Fail("block", "'}' at the end of the block", _opened.Line);
            return;
        }

        if (_inText && _message is { HasBlocks: true })
        {
            EndField();
            Fail("text-end", "'-}' at the end of the text block", _message.Line);
            return;
        }

        EndField();
        Emit(null);
    }

    void Fail(string rule, string expected, long line)
    {
        (_open, _inText) = (null, false);
        Emit(new(rule, expected, line));
    }

    /// <summary>Outside a text: blocks, separators, or the start of a bare text.</summary>
    void Between(string text, SwiftLine line)
    {
        var at = 0;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || char.IsControl(text[at]) || text[at] is '$' or '}'))
            at++;
        if (at == text.Length)
            return;
        if (text[at] == '{')
        {
            // A brace alone opens nothing.
            if (text.AsSpan(at + 1).Trim().IsEmpty)
                Outside++;
            else
                Begin(text, at, line);
            return;
        }

        if (TagLength(text.AsSpan(at), isStatement: true) > 0)
        {
            Emit(null);
            Start(line, hasBlocks: false, text);
            (_inText, _isStatement) = (true, true);
            Text(text[at..], line);
            return;
        }

        // A bank's own lines around a statement; the last ones may name its type.
        Outside++;
        _head = _head.Length > 200 ? text : $"{_head}\n{text}";
    }

    void Start(SwiftLine line, bool hasBlocks, string text)
    {
        _message = new() { Line = line.Number, Offset = line.Offset, HasBlocks = hasBlocks, Head = _head };
        _message.Raw.Append(text).Append('\n');
        _head = "";
    }

    void Begin(string text, int at, SwiftLine line)
    {
        var isFirst = text.AsSpan(at).StartsWith("{1:");
        if (isFirst || _message is null)
        {
            Emit(null);
            Start(line, hasBlocks: true, text[at..]);
        }

        (_open, _opened, _depth) = (new(), (line.Number, line.Offset), 0);
        Block(text[at..], line);
    }

    /// <summary>Goes on with a block, up to its closing brace.</summary>
    void Block(string text, SwiftLine line)
    {
        var open = _open!;
        if (open.Length > 0)
            open.Append('\n');
        for (var at = 0; at < text.Length; at++)
        {
            open.Append(text[at]);
            _depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            if (_depth > limits.MaxDepth)
            {
                Fail("block", $"blocks nested at most {limits.MaxDepth} deep", line.Number);
                return;
            }

            if (_depth == 0)
            {
                Close(open.ToString(), line);
                _open = null;
                Between(text[(at + 1)..], line);
                return;
            }
        }

        // A text block holds lines, and nothing on the line that opens it.
        if (open.Length == 3 && open.ToString() == "{4:")
        {
            _open = null;
            (_inText, _isStatement) = (true, _message!.IsStatement);
        }
        else if (open.Length > limits.MaxFieldBytes)
        {
            Fail("block", $"a block of at most {limits.MaxFieldBytes} characters", _opened.Line);
        }
    }

    void Close(string block, SwiftLine line)
    {
        var colon = block.IndexOf(':', StringComparison.Ordinal);
        _message!.Blocks.Add(new(colon < 0 ? "" : block[1..colon], colon < 0 ? block[1..^1] : block[(colon + 1)..^1], line.Number, line.Offset));
    }

    /// <summary>A line of a text.</summary>
    void Text(string text, SwiftLine line)
    {
        if (_message!.HasBlocks && EndOf(text) is >= 0 and var end)
        {
            if (end > 0)
                Append(text[..end]);
            EndField();
            _inText = false;
            Between(text[(end + 2)..], line);
            return;
        }

        var length = TagLength(text, _isStatement);
        if (!_message.HasBlocks && (IsDash(text) || text.StartsWith("-X", StringComparison.Ordinal) || text.StartsWith("-}", StringComparison.Ordinal)))
        {
            EndField();
            _inText = false;
            Emit(null);
            return;
        }

        if (!_message.HasBlocks && text.Length > 3 && text.StartsWith("{1:", StringComparison.Ordinal))
        {
            EndField();
            _inText = false;
            Between(text, line);
            return;
        }

        if (length == 0)
        {
            Append(text);
            return;
        }

        EndField();
        var tag = text[1..(length - 1)];
        // A bank that writes no end begins the next statement with its reference.
        if (!_message.HasBlocks && tag == "20" && _message.Fields.Count > 0)
        {
            Emit(null);
            Start(line, hasBlocks: false, text);
        }

        _field = (tag, new StringBuilder(text, length, text.Length - length, 64), line.Number, line.Offset);
    }

    /// <summary>A dash alone, with control characters of a transmission behind it.</summary>
    static bool IsDash(string text) => text.Length > 0 && text[0] == '-' && text.AsSpan(1).TrimStart(" \t\u0001\u0003\u001A").IsEmpty;

    /// <summary>Where <c>-}</c> ends the text: at the start of a line or, from sloppy writers, at the end of one; -1 where it does not.</summary>
    static int EndOf(string text)
    {
        if (text.StartsWith("-}", StringComparison.Ordinal))
            return 0;
        var end = text.IndexOf("-}", StringComparison.Ordinal);
        return end > 0 && (end + 2 == text.Length || text[end + 2] is '{' or '$' or '}') ? end : -1;
    }

    void Append(string text)
    {
        if (_field is not { } field)
        {
            Outside += text.AsSpan().Trim().IsEmpty ? 0 : 1;
            return;
        }

        if (field.Value.Length + text.Length > limits.MaxFieldBytes)
            throw new ConversionException($"Field :{field.Tag}: is longer than {limits.MaxFieldBytes} characters.", field.Line);
        field.Value.Append('\n').Append(text);
    }

    void EndField()
    {
        if (_field is not { } field)
            return;
        _field = null;
        _message!.Fields.Add(new(field.Tag, field.Value.ToString().TrimEnd('\n'), field.Line, field.Offset));
        if (_message.Fields.Count * 64L > limits.MaxRecordBytes * 4L)
            throw new ConversionException($"A message has more than {_message.Fields.Count} fields.", field.Line);
    }

    void Emit(SwiftFault? fault)
    {
        if (_message is not { } message)
            return;
        _message = null;
        if (message.Fields.Count > 0 || message.Blocks.Count > 0 || fault is not null)
            take(message, fault);
    }

    /// <summary>Characters of the tag with its colons that a line begins with; 0 for none.</summary>
    static int TagLength(ReadOnlySpan<char> text, bool isStatement)
    {
        if (text.Length < 4 || text[0] != ':')
            return 0;
        var end = text[1..Math.Min(text.Length, 5)].IndexOf(':') + 1;
        if (end < 3)
            return 0;
        var tag = text[1..end];
        var isTag = tag is "NS" || (char.IsAsciiDigit(tag[0]) && char.IsAsciiDigit(tag[1]) && (tag.Length == 2 || char.IsAsciiLetter(tag[2])));
        return isTag && (!isStatement || StatementTags.GetAlternateLookup<ReadOnlySpan<char>>().Contains(tag)) ? end + 1 : 0;
    }
}
