using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataIngestion.Collect;

/// <summary>Cuts a template into pieces.</summary>
internal sealed class TemplateLexer
{
    static readonly string[] Signs = ["**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ".", ":", "|", ",", ";"];

    readonly string _source;
    readonly List<Token> _tokens = [];
    int _at;
    bool _trimsNext; // a '-' at the end of a tag takes the white space behind it

    TemplateLexer(string source) => _source = source;

    /// <summary>The pieces, with <see cref="TokenKind.End"/> last. One line end at the very end does not count.</summary>
    public static IReadOnlyList<Token> Read(string source)
    {
        // Line ends become one character each, so that places are counted in the text as it is shown.
        var lexer = new TemplateLexer(WithoutLastLineEnd(source.ReplaceLineEndings("\n")));
        lexer.Read();
        return lexer._tokens;
    }

    /// <summary>Jinja leaves one line end at the end of a template out.</summary>
    public static string WithoutLastLineEnd(string source) => source.EndsWith('\n') ? source[..^1] : source;

    void Read()
    {
        while (_at < _source.Length)
        {
            var open = NextTag(_at);
            Text(open);
            if (open == _source.Length)
                break;
            _at = open;
            switch (_source[_at + 1])
            {
                case '#': Comment(); break;
                case '%' when RawFrom(_at) is { } raw: Raw(raw.Start, raw.Trims); break;
                case '%': Tag(TokenKind.OpenStatement, TokenKind.CloseStatement, "%}"); break;
                default: Tag(TokenKind.OpenExpression, TokenKind.CloseExpression, "}}"); break;
            }
        }

        Add(TokenKind.End, "", _source.Length);
    }

    int NextTag(int from)
    {
        for (var at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }

        return _source.Length;
    }

    void Text(int end)
    {
        var text = _source[_at..end];
        if (_trimsNext)
            text = text.TrimStart();
        _trimsNext = false;
        if (end + 2 < _source.Length && _source[end + 2] == '-')
            text = text.TrimEnd();
        if (text.Length > 0)
            Add(TokenKind.Text, text, _at);
    }

    void Comment()
    {
        var end = _source.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw new TemplatePlaceException(_at, "the comment has no end: expected '#}'.");
        _trimsNext = _source[end - 1] == '-' && end - 1 > _at + 1;
        _at = end + 2;
    }

    (int Start, bool Trims)? RawFrom(int at)
    {
        var inside = _source.AsSpan(at + 2).TrimStart("-+").TrimStart();
        if (!inside.StartsWith("raw", StringComparison.Ordinal))
            return null;
        inside = inside[3..].TrimStart();
        var trims = inside.StartsWith("-%}", StringComparison.Ordinal);
        return trims || inside.StartsWith("%}", StringComparison.Ordinal) ? (_source.Length - inside.Length + (trims ? 3 : 2), trims) : null;
    }

    void Raw(int start, bool trims)
    {
        for (var open = _source.IndexOf("{%", start, StringComparison.Ordinal); open >= 0; open = _source.IndexOf("{%", open + 2, StringComparison.Ordinal))
        {
            var inside = _source.AsSpan(open + 2).TrimStart("-+").TrimStart();
            if (!inside.StartsWith("endraw", StringComparison.Ordinal))
                continue;
            var close = _source.IndexOf("%}", open, StringComparison.Ordinal);
            if (close < 0)
                break;
            var text = _source[start..open];
            text = trims ? text.TrimStart() : text;
            text = _source[open + 2] == '-' ? text.TrimEnd() : text;
            if (text.Length > 0)
                Add(TokenKind.Text, text, start);
            _trimsNext = _source[close - 1] == '-';
            _at = close + 2;
            return;
        }

        throw new TemplatePlaceException(_at, "'raw' has no end: expected '{% endraw %}'.");
    }

    void Tag(TokenKind open, TokenKind close, string end)
    {
        var start = _at;
        Add(open, _source.Substring(_at, 2), _at);
        _at += 2;
        if (_at < _source.Length && _source[_at] is '-' or '+' && (open is TokenKind.OpenStatement || _source[_at] is '-'))
            _at++;
        var brackets = new Stack<char>();
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
            if (_at >= _source.Length)
                throw new TemplatePlaceException(start, $"'{_source.Substring(start, 2)}' has no end: expected '{end}'.");
            if (brackets.Count == 0 && Closes(end))
            {
                Add(close, end, _at - end.Length);
                return;
            }

            Piece(brackets);
        }
    }

    bool Closes(string end)
    {
        var trims = _source[_at] is '-' or '+' && string.CompareOrdinal(_source, _at + 1, end, 0, 2) == 0;
        if (!trims && string.CompareOrdinal(_source, _at, end, 0, 2) != 0)
            return false;
        _trimsNext = trims && _source[_at] == '-';
        _at += trims ? 3 : 2;
        return true;
    }

    void Piece(Stack<char> brackets)
    {
        var c = _source[_at];
        if (c is '\'' or '"')
            Quoted(c);
        else if (char.IsAsciiDigit(c))
            Number();
        else if (char.IsLetter(c) || c == '_')
            Name();
        else
            Sign(brackets);
    }

    void Sign(Stack<char> brackets)
    {
        var sign = Array.Find(Signs, s => string.CompareOrdinal(_source, _at, s, 0, s.Length) == 0)
            ?? throw new TemplatePlaceException(_at, $"'{_source[_at]}' has no meaning here: expected a name, a value or an operator.");
        if (sign is "(" or "[" or "{")
            brackets.Push(sign[0] switch { '(' => ')', '[' => ']', _ => '}' });
        else if (sign is ")" or "]" or "}" && (!brackets.TryPop(out var expected) || expected != sign[0]))
            throw new TemplatePlaceException(_at, expected == default ? $"nothing is open that '{sign}' could end." : $"expected '{expected}', got '{sign}'.");
        Add(TokenKind.Sign, sign, _at);
        _at += sign.Length;
    }

    void Quoted(char quote)
    {
        var start = _at++;
        var text = new StringBuilder();
        while (_at < _source.Length && _source[_at] != quote)
        {
            if (_source[_at] == '\\')
            {
                if (!Escapes.TryRead(_source, ref _at, text))
                    throw new TemplatePlaceException(_at, "the escape is cut off: expected digits after '\\x' and '\\u'.");
            }
            else
            {
                text.Append(_source[_at++]);
            }
        }

        if (_at >= _source.Length)
            throw new TemplatePlaceException(start, $"the text has no end: expected {quote}.");
        _at++;
        Add(TokenKind.Quoted, text.ToString(), start);
    }

    void Number()
    {
        var start = _at;
        var isReal = false;
        if (_source[_at] == '0' && _at + 2 < _source.Length && _source[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            _at += 2;
            while (_at < _source.Length && (char.IsAsciiHexDigit(_source[_at]) || _source[_at] == '_'))
                _at++;
            if (!LiteralText.TryRead(_source[start.._at], out var based))
                throw new TemplatePlaceException(start, $"'{_source[start.._at]}' is not a number.");
            Add(TokenKind.Number, _source[start.._at], start, based);
            return;
        }

        Digits();
        // 1.5 is a number, 1.e is an attribute; a.0.1 are two places of lists.
        var isPlace = _tokens[^1].Is(".");
        if (!isPlace && _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]))
        {
            isReal = true;
            _at++;
            Digits();
        }

        if (!isPlace && _at < _source.Length && _source[_at] is 'e' or 'E')
        {
            var sign = _at + 1 < _source.Length && _source[_at + 1] is '+' or '-' ? 1 : 0;
            if (_at + 1 + sign < _source.Length && char.IsAsciiDigit(_source[_at + 1 + sign]))
            {
                isReal = true;
                _at += 1 + sign;
                Digits();
            }
        }

        var digits = _source[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 1000)
            throw new TemplatePlaceException(start, "a number has more than 1000 digits.");
        Add(TokenKind.Number, digits, start, isReal ? Numbers.Read(digits) : Numbers.Normal(BigInteger.Parse(digits, CultureInfo.InvariantCulture)));
    }

    void Digits()
    {
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || (_source[_at] == '_' && _at + 1 < _source.Length && char.IsAsciiDigit(_source[_at + 1]))))
            _at++;
    }

    void Name()
    {
        var start = _at;
        while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
            _at++;
        Add(TokenKind.Name, _source[start.._at], start);
    }

    void Add(TokenKind kind, string text, int position, object? value = null) => _tokens.Add(new(kind, text, position, value));
}
