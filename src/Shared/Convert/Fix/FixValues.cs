using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Spells values as everything else of the platform does: days <c>2024-12-31</c>, moments <c>2024-12-31T15:30:00.123Z</c>, numbers without leading zeros
/// (which FIX allows and which mean nothing), Y and N as true and false. What does not look as its type wants stays as it is written.
/// </summary>
/// <param name="keepsText">Whether values stay as they are written.</param>
/// <param name="encoding">How text is read that is no UTF-8.</param>
internal sealed class FixValues(bool keepsText, bool namesValues, Encoding encoding)
{
    /// <summary>Values that were no UTF-8.</summary>
    public long Decoded { get; set; }

    /// <summary>A cell of a value.</summary>
    /// <param name="text">The value.</param>
    /// <param name="start">Where it lies in <paramref name="row"/>.</param>
    /// <param name="row">Takes what is spelled in another way.</param>
    public Cell Of(FixField? field, ReadOnlySpan<byte> text, int start, RowText row, bool isUtf8)
    {
        if (text.IsEmpty)
            return new(start, 0, CellKind.Text);
        if (namesValues && field is { Values.Count: > 0, Kind: not FixKind.Flag })
            return Name(field, text, row);
        switch (keepsText ? FixKind.Text : field?.Kind ?? FixKind.Text)
        {
            case FixKind.Whole or FixKind.Number or FixKind.Length or FixKind.Count:
                var zeros = LeadingZeros(text);
                return new(start + zeros, text.Length - zeros, IsNumber(text[zeros..]) ? CellKind.Number : CellKind.Text);
            case FixKind.Flag when text.Length == 1 && text[0] is (byte)'Y' or (byte)'N':
                return Add(row, text[0] == 'Y' ? "true"u8 : "false"u8, CellKind.Boolean);
            case FixKind.Moment when IsMoment(text):
                return Moment(text, row, field!.Type != "TZTIMESTAMP");
            case FixKind.Date when text.Length == 8 && AreDigits(text):
                var day = row.Length;
                Day(text, row);
                return new(day, row.Length - day, CellKind.Text);
            default:
                return isUtf8 || Utf8.IsValid(text) ? new(start, text.Length, CellKind.Text) : Decode(text, row);
        }
    }

    static Cell Name(FixField field, ReadOnlySpan<byte> text, RowText row)
    {
        var codes = Encoding.UTF8.GetString(text);
        if (field.Values.TryGetValue(codes, out var name))
            return Add(row, Encoding.UTF8.GetBytes(name), CellKind.Text);
        var names = field.IsMultiple ? string.Join(' ', codes.Split(' ').Select(c => field.Values.GetValueOrDefault(c, c))) : codes;
        return Add(row, Encoding.UTF8.GetBytes(names), CellKind.Text);
    }

    Cell Decode(ReadOnlySpan<byte> text, RowText row)
    {
        Decoded++;
        return Add(row, Encoding.UTF8.GetBytes(encoding.GetString(text)), CellKind.Text);
    }

    static Cell Add(RowText row, ReadOnlySpan<byte> text, CellKind kind)
    {
        var start = row.Length;
        row.Write(text);
        return new(start, text.Length, kind);
    }

    static Cell Moment(ReadOnlySpan<byte> text, RowText row, bool isUtc)
    {
        var start = row.Length;
        Day(text, row);
        row.Write((byte)'T');
        row.Write(text[9..]);
        if (isUtc && text[^1] != 'Z')
            row.Write((byte)'Z');
        return new(start, row.Length - start, CellKind.Text);
    }

    static void Day(ReadOnlySpan<byte> text, RowText row)
    {
        row.Write(text[..4]);
        row.Write((byte)'-');
        row.Write(text[4..6]);
        row.Write((byte)'-');
        row.Write(text[6..8]);
    }

    /// <summary>Whether it begins as <c>20241231-15:30</c> does.</summary>
    static bool IsMoment(ReadOnlySpan<byte> text) => text.Length >= 14 && text[8] == '-' && text[11] == ':' && AreDigits(text[..8]) && AreDigits(text[9..11]);

    static bool AreDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Zeros before another digit.</summary>
    static int LeadingZeros(ReadOnlySpan<byte> text)
    {
        var zeros = 0;
        while (zeros + 1 < text.Length && text[zeros] == '0' && (uint)(text[zeros + 1] - '0') <= 9)
            zeros++;
        return zeros;
    }

    /// <summary>Whether it is a number as JSON writes them, without an exponent.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] == '-')
            text = text[1..];
        var whole = Digits(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
            return false;
        if (whole == text.Length)
            return true;
        return text[whole] == '.' && Digits(text[(whole + 1)..]) is var fraction and > 0 && whole + 1 + fraction == text.Length;
    }

    static int Digits(ReadOnlySpan<byte> text)
    {
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }
}
