using System.Text;

namespace DataIngestion.Conversion.Ofx;

/// <summary>What a piece of markup is.</summary>
internal enum OfxToken
{
    End,
    Open,
    Close,
    Empty,
    Text,
}

/// <summary>Cuts SGML or XML without attributes into tags and texts.</summary>
internal sealed class OfxTokens(TextReader reader, ConversionLimits limits)
{
    const int MostName = 256;
    readonly StringBuilder _piece = new();
    readonly char[] _buffer = new char[1 << 15];
    int _at;
    int _length;

    /// <summary>The tag's name or the text.</summary>
    public string Value { get; private set; } = "";

    /// <summary>The line of the piece, from 1.</summary>
    public int Line { get; private set; } = 1;

    public async ValueTask<OfxToken> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _piece.Clear();
            if (await PeekAsync(cancellationToken) is not { } first)
                return OfxToken.End;
            if (first != '<')
            {
                await TextAsync(cancellationToken);
                if (_piece.Length == 0)
                    continue;
                Value = OfxTexts.Plain(_piece.ToString());
                return OfxToken.Text;
            }

            await TagAsync(cancellationToken);
            var tag = _piece.ToString(1, _piece.Length - 2).Trim();
            if (tag.StartsWith("![CDATA[", StringComparison.Ordinal))
            {
                Value = tag.EndsWith("]]", StringComparison.Ordinal) ? tag[8..^2] : tag[8..];
                return OfxToken.Text;
            }

            if (tag.Length == 0 || tag[0] is '?' or '!')
                continue;
            var kind = tag[0] == '/' ? OfxToken.Close : tag[^1] == '/' ? OfxToken.Empty : OfxToken.Open;
            var name = tag.Trim('/').Trim();
            Value = (name.IndexOfAny([' ', '\t', '\r', '\n']) is > 0 and var end ? name[..end] : name).ToUpperInvariant();
            return Value.Length is > 0 and <= MostName ? kind : throw new ConversionException($"A tag of {Value.Length} characters is none of OFX.", Line);
        }
    }

    async ValueTask TextAsync(CancellationToken cancellationToken)
    {
        while (await PeekAsync(cancellationToken) is { } next && next != '<')
        {
            var rest = _buffer.AsSpan(_at, _length - _at);
            var end = rest.IndexOf('<') is >= 0 and var tag ? tag : rest.Length;
            Append(rest[..end]);
            _at += end;
        }
    }

    async ValueTask TagAsync(CancellationToken cancellationToken)
    {
        var isData = false;
        while (await PeekAsync(cancellationToken) is { } next)
        {
            _at++;
            Append([next]);
            isData |= _piece.Length == 9 && _piece.ToString() == "<![CDATA[";
            if (next == '>' && (!isData || (_piece.Length >= 12 && _piece[^2] == ']' && _piece[^3] == ']')))
                return;
        }

        throw new ConversionException("The file ends inside a tag.", Line);
    }

    void Append(ReadOnlySpan<char> text)
    {
        Line += text.Count('\n');
        _piece.Append(text);
        if (_piece.Length > limits.MaxFieldBytes)
            throw new ConversionException($"A text is longer than {limits.MaxFieldBytes} characters.", Line);
    }

    async ValueTask<char?> PeekAsync(CancellationToken cancellationToken)
    {
        if (_at == _length)
        {
            _length = await reader.ReadAsync(_buffer, cancellationToken);
            _at = 0;
            if (_length == 0)
                return null;
        }

        return _buffer[_at];
    }
}
