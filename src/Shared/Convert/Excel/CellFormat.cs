using System.Buffers;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Excel;

/// <summary>What a number format makes of a number.</summary>
internal enum FormatKind : byte
{
    /// <summary>A number, whatever its digits, currency or percent sign look like.</summary>
    Number,

    /// <summary>A day, and what is left of it.</summary>
    Moment,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>Elapsed time: <c>[h]:mm:ss</c>.</summary>
    Duration,

    /// <summary>Text: <c>@</c>.</summary>
    Text,

    /// <summary>A code that is shown with leading zeros: <c>00000</c>.</summary>
    Code,
}

/// <summary>A number format, as far as it says what a value is (ECMA-376 part 1, 18.8.30 and 18.8.31).</summary>
/// <param name="Digits">Of a code.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CellFormat(FormatKind Kind, byte Digits = 0)
{
    /// <summary>A built-in format: the same in every workbook, but those from 27 to 58, which are dates and times of East Asian languages.</summary>
    public static CellFormat BuiltIn(int id) => new(id switch
    {
        14 or 15 or 16 or 17 or 22 or (>= 27 and <= 31) or 34 or 35 or 36 or (>= 50 and <= 54) or 57 or 58 => FormatKind.Moment,
        18 or 19 or 20 or 21 or 32 or 33 or 45 or 47 or 55 or 56 => FormatKind.Time,
        46 => FormatKind.Duration,
        49 => FormatKind.Text,
        _ => FormatKind.Number,
    });

    /// <summary>A format by its code, of which the section for positive numbers decides.</summary>
    public static CellFormat Of(ReadOnlySpan<char> code)
    {
        var scan = new Scan();
        for (var i = 0; i < code.Length && code[i] != ';'; i++)
        {
            switch (code[i])
            {
                case '"':
                    var close = code[(i + 1)..].IndexOf('"');
                    i = close < 0 ? code.Length : i + 1 + close;
                    scan.HasLiteral = true;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    scan.HasLiteral = true;
                    break;
                case '[':
                    var end = code[i..].IndexOf(']');
                    if (end < 0)
                        return default;
                    scan.Bracket(code.Slice(i + 1, end - 1));
                    i += end;
                    break;
                case 'A' or 'a' when code[i..].StartsWith("am/pm", StringComparison.OrdinalIgnoreCase) || code[i..].StartsWith("a/p", StringComparison.OrdinalIgnoreCase):
                    scan.HasTime = true;
                    i += code[i + 1] == '/' ? 2 : 4;
                    break;
                case 'G' or 'g' when code[i..].StartsWith("general", StringComparison.OrdinalIgnoreCase):
                    return default;
                case 'E' or 'e' when i + 1 < code.Length && code[i + 1] is '+' or '-':
                    return default;
                default:
                    scan.Character(code[i]);
                    break;
            }
        }

        return scan.Finding;
    }

    ref struct Scan
    {
        static readonly SearchValues<char> Elapsed = SearchValues.Create("hHmMsS");
        int _zeros;
        int _minutes;
        bool _hasDate;
        bool _isElapsed;
        bool _isText;
        bool _hasDigits;
        bool _afterPoint;
        bool _afterHour;
        bool _lastWasMonth;

        public bool HasTime { get; set; }

        public bool HasLiteral { get; set; }

        public void Bracket(ReadOnlySpan<char> text)
        {
            if (text.Length > 0 && !text.ContainsAnyExcept(Elapsed))
            {
                _isElapsed = true;
                _afterHour = text[0] is 'h' or 'H';
            }
            else
            {
                HasLiteral = true;
            }
        }

        public void Character(char c)
        {
            switch (char.ToLowerInvariant(c))
            {
                case 'y' or 'd' or 'e':
                    _hasDate = true;
                    _afterHour = false;
                    _lastWasMonth = false;
                    break;
                case 'h':
                    HasTime = true;
                    _afterHour = true;
                    _lastWasMonth = false;
                    break;
                case 'm':
                    // Minutes after hours or before seconds; months otherwise.
                    if (_afterHour)
                        HasTime = true;
                    else if (!_lastWasMonth)
                        _minutes++;
                    _lastWasMonth = !_afterHour;
                    break;
                case 's':
                    HasTime = true;
                    if (_lastWasMonth)
                        _minutes--;
                    _lastWasMonth = false;
                    _afterHour = false;
                    break;
                case '@':
                    _isText = true;
                    break;
                case '0':
                    _zeros++;
                    _hasDigits |= !_afterPoint;
                    break;
                case '#' or '?':
                    _hasDigits = true;
                    HasLiteral = true;
                    break;
                case '.':
                    _afterPoint = HasTime || _isElapsed;
                    HasLiteral = true;
                    break;
                case ':' or ' ' or '/':
                    HasLiteral = true;
                    break;
                default:
                    HasLiteral = true;
                    break;
            }
        }

        public readonly CellFormat Finding
        {
            get
            {
                if (_hasDigits)
                    return _zeros > 1 && !HasLiteral && !_hasDate && !HasTime && !_isElapsed && !_isText && _zeros <= 30 ? new(FormatKind.Code, (byte)_zeros) : default;
                if (_hasDate || _minutes > 0)
                    return new(FormatKind.Moment);
                if (_isElapsed)
                    return new(FormatKind.Duration);
                return HasTime ? new(FormatKind.Time) : _isText ? new(FormatKind.Text) : default;
            }
        }
    }
}
