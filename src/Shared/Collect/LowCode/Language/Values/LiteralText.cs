using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataIngestion.Collect;

/// <summary>
/// Reads a rendered text as a value, where it is one as Python writes them: numbers, truth values, none, quoted text, lists, tuples and mappings.
/// Anything else is text and stays so. <c>1,2</c> is a tuple; <c>true</c> and <c>2024-01-05</c> are text.
/// </summary>
internal sealed class LiteralText
{
    const int MaxDepth = 64;

    readonly string _text;
    int _at;
    int _depth;

    LiteralText(string text) => _text = text;

    /// <summary>The value, or false where the text is not one.</summary>
    public static bool TryRead(string text, out object? value)
    {
        value = null;
        var start = text.AsSpan().TrimStart(" \t\r\n\f");
        // Most texts are words; their first letter says that no value begins here.
        if (start.IsEmpty || !(char.IsAsciiDigit(start[0]) || "'\"[({+-.TFNrRuU".Contains(start[0], StringComparison.Ordinal)))
            return false;

        var reader = new LiteralText(text);
        return reader.Whole(out value);
    }

    bool Whole(out object? value)
    {
        value = null;
        if (!Begin() || !Value(out value))
            return false;
        Blank(isInside: false);
        if (!At(','))
            return AtEnd();

        var items = new List<object?> { value };
        while (Take(','))
        {
            Blank(isInside: false);
            if (AtEnd())
                break;
            if (!Value(out var next))
                return false;
            items.Add(next);
            Blank(isInside: false);
        }

        value = new LowCodeTuple(items);
        return AtEnd();
    }

    // Empty lines may come first, but then the value begins its line.
    bool Begin()
    {
        var first = _text.AsSpan(_at).IndexOfAnyExcept(" \t\r\n\f");
        var line = _text.AsSpan(0, first).LastIndexOf('\n');
        _at = first;
        return line < 0 || line == first - 1;
    }

    bool Value(out object? value)
    {
        value = null;
        if (_at >= _text.Length || ++_depth > MaxDepth)
            return false;
        var c = _text[_at];
        var isValue = c switch
        {
            '[' => Items('[', ']', out value),
            '(' => Parenthesised(out value),
            '{' => Entries(out value),
            '+' or '-' => Signed(out value),
            '.' or (>= '0' and <= '9') => Number(out value),
            _ => Word(out value) || Texts(out value),
        };
        _depth--;
        return isValue;
    }

    bool Items(char open, char close, out object? value)
    {
        value = null;
        if (!Take(open) || !List(close, out var items, out _))
            return false;
        value = items;
        return true;
    }

    bool Parenthesised(out object? value)
    {
        value = null;
        Take('(');
        if (!List(')', out var items, out var hasComma))
            return false;
        value = items is [var only] && !hasComma ? only : new LowCodeTuple(items);
        return true;
    }

    bool List(char close, out List<object?> items, out bool hasComma)
    {
        items = [];
        hasComma = false;
        while (true)
        {
            Blank(isInside: true);
            if (Take(close))
                return true;
            if (items.Count > 0 && !hasComma || !Value(out var item))
                return false;
            items.Add(item);
            Blank(isInside: true);
            if (Take(close))
            {
                hasComma &= items.Count > 1 || close == ']';
                return true;
            }

            if (!Take(','))
                return false;
            hasComma = true;
        }
    }

    bool Entries(out object? value)
    {
        var map = new LowCodeMap();
        value = map;
        Take('{');
        while (true)
        {
            Blank(isInside: true);
            if (Take('}'))
                return true;
            if (!Value(out var key) || key is LowCodeMap or List<object?>)
                return false;
            Blank(isInside: true);
            if (!Take(':'))
                return false;
            Blank(isInside: true);
            if (!Value(out var item))
                return false;
            map[MapKey.Of(key)] = item;
            Blank(isInside: true);
            if (Take('}'))
                return true;
            if (!Take(','))
                return false;
        }
    }

    bool Signed(out object? value)
    {
        var isNegative = _text[_at++] == '-';
        Blank(isInside: false);
        if (_at >= _text.Length || !(char.IsAsciiDigit(_text[_at]) || _text[_at] == '.') || !Number(out value))
        {
            value = null;
            return false;
        }

        if (isNegative)
            value = value is 0m ? -0.0 : Numbers.Negate(value!);
        return true;
    }

    bool Number(out object? value)
    {
        value = null;
        var start = _at;
        if (At('0') && _at + 1 < _text.Length && _text[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B' && At('0'))
            return Based(out value);

        var isReal = false;
        if (!Digits(isOptional: At('.')))
            return false;
        var whole = _text[start.._at];
        if (At('.'))
        {
            isReal = true;
            _at++;
            if (!Digits(isOptional: whole.Length > 0))
                return false;
        }

        if (At('e') || At('E'))
        {
            isReal = true;
            _at++;
            if (At('+') || At('-'))
                _at++;
            if (!Digits(isOptional: false))
                return false;
        }

        if (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
            return false;
        var digits = _text[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (isReal)
            value = Numbers.Read(digits);
        else if (digits.Length > 1 && digits[0] == '0' && digits.Trim('0').Length > 0)
            return false; // 007 is no number
        else if (digits.Length > 4300)
            return false;
        else
            value = digits.Length < 19 ? long.Parse(digits, CultureInfo.InvariantCulture) : Numbers.Normal(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
        return true;
    }

    bool Based(out object? value)
    {
        var radix = char.ToLowerInvariant(_text[_at + 1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
        _at += 2;
        var number = BigInteger.Zero;
        var start = _at;
        for (; _at < _text.Length && _at - start < 1000 && char.IsAsciiHexDigit(_text[_at]); _at++)
        {
            var digit = Convert.ToInt32(_text[_at].ToString(), 16);
            if (digit >= radix)
                break;
            number = (number * radix) + digit;
        }

        value = Numbers.Normal(number);
        return _at > start && (_at == _text.Length || !char.IsLetterOrDigit(_text[_at]) && _text[_at] is not ('_' or '.'));
    }

    // Digits with single underscores between them.
    bool Digits(bool isOptional)
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || (_text[_at] == '_' && _at > start && _text[_at - 1] != '_' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))))
            _at++;
        return isOptional || _at > start;
    }

    bool Word(out object? value)
    {
        value = null;
        if (Keyword("True"))
            value = true;
        else if (Keyword("False"))
            value = false;
        else if (!Keyword("None"))
            return false;
        return true;
    }

    bool Keyword(string word)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0
            || (_at + word.Length < _text.Length && (char.IsLetterOrDigit(_text[_at + word.Length]) || _text[_at + word.Length] == '_')))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    // Neighbouring texts are one.
    bool Texts(out object? value)
    {
        value = null;
        var text = new StringBuilder();
        if (!Quoted(text))
            return false;
        while (true)
        {
            Blank(isInside: false);
            if (_at >= _text.Length || _text[_at] is not ('\'' or '"'))
                break;
            if (!Quoted(text))
                return false;
        }

        value = text.ToString();
        return true;
    }

    bool Quoted(StringBuilder text)
    {
        var isRaw = At('r') || At('R');
        if (isRaw || At('u') || At('U'))
            _at++;
        if (_at >= _text.Length || _text[_at] is not ('\'' or '"'))
            return false;
        var quote = _text[_at];
        var close = string.CompareOrdinal(_text, _at, new string(quote, 3), 0, 3) == 0 ? new string(quote, 3) : quote.ToString();
        _at += close.Length;
        while (_at < _text.Length)
        {
            if (string.CompareOrdinal(_text, _at, close, 0, close.Length) == 0)
            {
                _at += close.Length;
                return true;
            }

            var c = _text[_at];
            if (c == '\n' && close.Length == 1)
                return false;
            if (c == '\\')
            {
                if (isRaw)
                {
                    if (_at + 1 >= _text.Length)
                        return false;
                    text.Append(_text, _at, 2);
                    _at += 2;
                }
                else if (!Escapes.TryRead(_text, ref _at, text))
                {
                    return false;
                }

                continue;
            }

            text.Append(c);
            _at++;
        }

        return false;
    }

    void Blank(bool isInside)
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' or '\f' || (isInside && _text[_at] is '\n' or '\r')))
            _at++;
        if (!At('#'))
            return;
        while (_at < _text.Length && _text[_at] != '\n')
            _at++;
        if (isInside)
            Blank(isInside);
    }

    bool At(char c) => _at < _text.Length && _text[_at] == c;

    bool Take(char c)
    {
        if (!At(c))
            return false;
        _at++;
        return true;
    }

    // Empty lines may follow a value, nothing else: not even a blank after the last line end.
    bool AtEnd()
    {
        var rest = _text.AsSpan(_at);
        return rest.Trim(" \t\r\n\f").IsEmpty && (!rest.Contains('\n') || rest[^1] == '\n');
    }
}
