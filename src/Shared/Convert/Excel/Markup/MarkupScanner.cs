using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace DataIngestion.Conversion.Excel.Markup;

/// <summary>What a scanner stands at.</summary>
internal enum MarkupToken : byte
{
    None,
    Start,
    End,
    Text,
}

/// <summary>
/// Reads the XML of workbooks from UTF-8 bytes, without making a string of any name or value: several times as fast as a general reader. Elements must be
/// closed in order; document types are refused, so that there are no entities but the five of XML. An element without content gives a start and an end.
/// </summary>
/// <param name="part">What is read, for messages.</param>
/// <param name="mostBytes">The most bytes of one tag or text.</param>
internal sealed class MarkupScanner(Stream content, string part, int mostBytes, int mostDepth) : IDisposable
{
    readonly List<ulong> _open = [];
    byte[] _buffer = new byte[64 << 10];
    int _at;
    int _end;
    int _next;
    int _nameStart;
    int _nameEnd;
    int _valueStart;
    int _valueEnd;
    bool _isEmpty;
    bool _isLiteral;
    bool _hasEnded;
    bool _isFirst = true;

    public MarkupToken Token { get; private set; }

    /// <summary>Elements that are open, the present one included.</summary>
    public int Depth => _open.Count + (Token == MarkupToken.End ? 1 : 0);

    /// <summary>The name of the element that starts or ends, without its prefix.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var name = _buffer.AsSpan(_nameStart, _nameEnd - _nameStart);
            return name[(name.IndexOf((byte)':') + 1)..];
        }
    }

    public bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    public bool Starts(ReadOnlySpan<byte> name) => Token == MarkupToken.Start && Is(name);

    public bool Ends(ReadOnlySpan<byte> name) => Token == MarkupToken.End && Is(name);

    /// <summary>The text as written, with its entities.</summary>
    public ReadOnlySpan<byte> RawText => _buffer.AsSpan(_valueStart, _valueEnd - _valueStart);

    /// <summary>Moves on; false at the end of the document.</summary>
    /// <exception cref="InvalidDataException">It is not well-formed.</exception>
    public bool Read()
    {
        if (_isEmpty)
        {
            _isEmpty = false;
            return Close();
        }

        _at = _next;
        while (true)
        {
            if (_at == _end && !Fill())
                return Finish();
            if (_buffer[_at] != '<')
                return ReadText();
            while (_end - _at < 2)
            {
                if (!Fill())
                    throw Wrong("it is cut off");
            }

            switch (_buffer[_at + 1])
            {
                case (byte)'/':
                    return ReadEnd();
                case (byte)'?':
                    Skip("?>"u8);
                    break;
                case (byte)'!':
                    if (ReadDeclaration())
                        return true;
                    break;
                default:
                    return ReadStart();
            }
        }
    }

    /// <summary>Passes over the content of the element that started, to its end.</summary>
    public void SkipElement()
    {
        var depth = _open.Count;
        while (_open.Count >= depth && Read())
        {
        }
    }

    bool Finish()
    {
        if (_open.Count > 0)
            throw Wrong("it is cut off");
        Token = MarkupToken.None;
        return false;
    }

    bool ReadText()
    {
        if (_isFirst)
            SkipMark();
        var at = Find((byte)'<', 0, orEnd: true);
        if (at == _at)
        {
            _next = _at;
            return Read();
        }

        (_valueStart, _valueEnd, _next, Token, _isLiteral) = (_at, at, at, MarkupToken.Text, false);
        if (_open.Count == 0 && RawText.ContainsAnyExcept(" \t\r\n"u8))
            throw Wrong("text stands outside of its elements");
        return true;
    }

    /// <summary>A byte order mark.</summary>
    void SkipMark()
    {
        _isFirst = false;
        while (_end - _at < 3 && Fill())
        {
        }

        if (_buffer.AsSpan(_at, _end - _at).StartsWith("\uFEFF"u8))
            _at += 3;
    }

    bool ReadStart()
    {
        _isFirst = false;
        if (_open.Count >= mostDepth)
            throw new ConversionException($"Elements of {part} are nested more than {mostDepth} deep.");
        var offset = 1;
        while (true)
        {
            var at = _buffer.AsSpan(_at + offset, _end - _at - offset).IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (at < 0)
            {
                offset = _end - _at;
                if (!Fill())
                    throw Wrong("it is cut off in a tag");
                continue;
            }

            offset += at;
            var mark = _buffer[_at + offset];
            if (mark == '>')
                break;
            offset = Find(mark, offset + 1, orEnd: false) - _at + 1;
        }

        var close = _at + offset;
        _isEmpty = _buffer[close - 1] == '/';
        _nameStart = _at + 1;
        var inside = _buffer.AsSpan(_nameStart, close - _nameStart - (_isEmpty ? 1 : 0));
        var length = inside.IndexOfAny(" \t\r\n"u8);
        _nameEnd = _nameStart + (length < 0 ? inside.Length : length);
        (_valueStart, _valueEnd) = (_nameEnd, _nameStart + inside.Length);
        if (_nameEnd == _nameStart)
            throw Wrong("a tag has no name");
        _open.Add(Mark());
        (_next, Token) = (close + 1, MarkupToken.Start);
        return true;
    }

    bool ReadEnd()
    {
        var close = Find((byte)'>', 2, orEnd: false);
        _nameStart = _at + 2;
        _nameEnd = _nameStart + _buffer.AsSpan(_nameStart, close - _nameStart).TrimEnd(" \t\r\n"u8).Length;
        _next = close + 1;
        if (_open.Count == 0 || _open[^1] != Mark())
            throw Wrong($"'{Encoding.UTF8.GetString(Name)}' is closed and not open");
        return Close();
    }

    bool Close()
    {
        _open.RemoveAt(_open.Count - 1);
        Token = MarkupToken.End;
        return true;
    }

    /// <summary>What tells the name from others: its length, its beginning and its end.</summary>
    ulong Mark()
    {
        var name = _buffer.AsSpan(_nameStart, _nameEnd - _nameStart);
        var mark = (ulong)name.Length;
        foreach (var b in name)
            mark = (mark * 31) ^ b;
        return mark;
    }

    /// <summary>A comment, which is passed over, or literal text.</summary>
    bool ReadDeclaration()
    {
        while (_end - _at < 9 && Fill())
        {
        }

        var start = _buffer.AsSpan(_at, _end - _at);
        if (start.StartsWith("<!--"u8))
        {
            Skip("-->"u8);
            return false;
        }

        if (!start.StartsWith("<![CDATA["u8))
            throw Wrong("a document type is declared, which is refused");
        var close = FindAll("]]>"u8, 9);
        (_valueStart, _valueEnd, _next, Token, _isLiteral) = (_at + 9, close, close + 3, MarkupToken.Text, true);
        if (_open.Count == 0)
            throw Wrong("text stands outside of its elements");
        return true;
    }

    void Skip(ReadOnlySpan<byte> end)
    {
        _isFirst = false;
        _at = FindAll(end, 2) + end.Length;
        _next = _at;
    }

    int Find(byte mark, int offset, bool orEnd)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_at + offset, _end - _at - offset).IndexOf(mark);
            if (found >= 0)
                return _at + offset + found;
            offset = _end - _at;
            if (!Fill())
                return orEnd ? _end : throw Wrong("it is cut off");
        }
    }

    int FindAll(ReadOnlySpan<byte> mark, int offset)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_at + offset, _end - _at - offset).IndexOf(mark);
            if (found >= 0)
                return _at + offset + found;
            offset = Math.Max(offset, _end - _at - mark.Length + 1);
            if (!Fill())
                throw Wrong("it is cut off");
        }
    }

    /// <summary>Reads more; what stands before the present place is given up.</summary>
    bool Fill()
    {
        if (_hasEnded)
            return false;
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            (_end, _at, _next) = (_end - _at, 0, 0);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= mostBytes)
                throw new ConversionException($"A tag or text of {part} is longer than {mostBytes} bytes.");
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Math.Max(mostBytes, 64 << 10)));
        }

        var read = content.Read(_buffer.AsSpan(_end));
        _end += read;
        _hasEnded = read == 0;
        return read > 0;
    }

    /// <summary>The raw value of an attribute of the element that starts: by its name, with prefix if <paramref name="name"/> has one.</summary>
    public bool TryAttribute(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = _buffer.AsSpan(_valueStart, _valueEnd - _valueStart);
        var isFull = name.Contains((byte)':');
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n"u8);
            var equals = rest.IndexOf((byte)'=');
            if (equals <= 0)
                break;
            var found = rest[..equals].TrimEnd(" \t\r\n"u8);
            rest = rest[(equals + 1)..].TrimStart(" \t\r\n"u8);
            var close = rest.IsEmpty || rest[0] is not ((byte)'"' or (byte)'\'') ? -1 : rest[1..].IndexOf(rest[0]);
            if (close < 0)
                throw Wrong("an attribute has no quoted value");
            if ((isFull ? found : found[(found.IndexOf((byte)':') + 1)..]).SequenceEqual(name))
            {
                value = rest.Slice(1, close);
                return true;
            }

            rest = rest[(close + 2)..];
        }

        value = default;
        return false;
    }

    /// <summary>The value of an attribute, or null.</summary>
    public string? Attribute(ReadOnlySpan<byte> name)
    {
        if (!TryAttribute(name, out var raw))
            return null;
        var text = new byte[raw.Length];
        return Encoding.UTF8.GetString(text, 0, Unescape(raw, text));
    }

    /// <summary>An attribute that is a whole number, not negative; null where it is missing or none.</summary>
    public int? Number(ReadOnlySpan<byte> name) =>
        TryAttribute(name, out var raw) && Utf8Parser.TryParse(raw, out int number, out var read) && read == raw.Length && number >= 0 ? number : null;

    /// <summary>Whether an attribute says yes.</summary>
    public bool Flag(ReadOnlySpan<byte> name) => TryAttribute(name, out var raw) && (raw.SequenceEqual("1"u8) || raw.SequenceEqual("true"u8) || raw.SequenceEqual("on"u8));

    /// <summary>The text with its entities replaced.</summary>
    /// <param name="to">At least as long as <see cref="RawText"/>.</param>
    /// <returns>Its length.</returns>
    public int CopyText(Span<byte> to)
    {
        if (!Utf8.IsValid(RawText))
            throw Wrong("it is not valid UTF-8");
        if (!_isLiteral)
            return Unescape(RawText, to);
        RawText.CopyTo(to);
        return RawText.Length;
    }

    int Unescape(ReadOnlySpan<byte> raw, Span<byte> to)
    {
        var length = 0;
        while (true)
        {
            var at = raw.IndexOfAny((byte)'&', (byte)'\r');
            if (at < 0)
            {
                raw.CopyTo(to[length..]);
                return length + raw.Length;
            }

            raw[..at].CopyTo(to[length..]);
            length += at;
            if (raw[at] == '\r')
            {
                // Line ends are one character (XML 1.0, 2.11).
                to[length++] = (byte)'\n';
                raw = raw[(at + (at + 1 < raw.Length && raw[at + 1] == '\n' ? 2 : 1))..];
                continue;
            }

            raw = raw[at..];
            var end = raw[..Math.Min(raw.Length, 12)].IndexOf((byte)';');
            if (end < 0 || !Rune.TryCreate(Entity(raw[1..end]), out var rune))
                throw Wrong("an entity is used that XML does not define");
            length += rune.EncodeToUtf8(to[length..]);
            raw = raw[(end + 1)..];
        }
    }

    static int Entity(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("#x"u8))
            return Utf8Parser.TryParse(name[2..], out int hexadecimal, out var read, 'x') && read == name.Length - 2 ? hexadecimal : -1;
        if (name.StartsWith("#"u8))
            return Utf8Parser.TryParse(name[1..], out int number, out var read) && read == name.Length - 1 ? number : -1;
        return name.SequenceEqual("amp"u8) ? '&' : name.SequenceEqual("lt"u8) ? '<' : name.SequenceEqual("gt"u8) ? '>' : name.SequenceEqual("quot"u8) ? '"' : name.SequenceEqual("apos"u8) ? '\'' : -1;
    }

    InvalidDataException Wrong(string what) => new($"'{part}' is not well-formed XML that may be read: {what}.");

    public void Dispose() => content.Dispose();
}
