using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Values;

/// <summary>What stands around a number's digits: one sign at most (before, behind, or as parentheses), one affix at most, and spaces.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NumberFrame(bool IsNegative, bool HasParentheses, NumberAffix Affix)
{
    /// <summary>Takes the frame off; false where what stands around the digits is no frame.</summary>
    public static bool TryStrip(ref ReadOnlySpan<byte> text, out NumberFrame frame)
    {
        frame = default;
        var (negative, signed, parentheses) = (false, false, false);
        var affix = NumberAffix.None;
        while (true)
        {
            text = TrimStart(text);
            if (text.IsEmpty)
                return false;
            if (StartsNumber(text))
                break;
            var sign = SignAt(text, out var isMinus);
            if (text[0] == '(' || sign > 0)
            {
                if (signed)
                    return false;
                (signed, parentheses, negative) = (true, text[0] == '(', isMinus || text[0] == '(');
                text = text[Math.Max(sign, 1)..];
            }
            else if (affix != NumberAffix.None || !TryPrefix(ref text, out affix))
            {
                return false;
            }
        }

        var open = parentheses;
        while (!char.IsAsciiDigit((char)text[^1]))
        {
            if (text[^1] == ')')
            {
                if (!open)
                    return false;
                open = false;
                text = text[..^1];
            }
            else if (MinusBefore(text) is > 0 and var minus)
            {
                if (signed)
                    return false;
                signed = negative = true;
                text = text[..^minus];
            }
            else if (affix != NumberAffix.None || !TrySuffix(ref text, out affix))
            {
                return false;
            }

            text = TrimEnd(text);
        }

        frame = new(negative, parentheses, affix);
        return !open;
    }

    static bool StartsNumber(ReadOnlySpan<byte> text) =>
        char.IsAsciiDigit((char)text[0]) || (text[0] is (byte)'.' or (byte)',' && text.Length > 1 && char.IsAsciiDigit((char)text[1]));

    static bool TryPrefix(ref ReadOnlySpan<byte> text, out NumberAffix affix)
    {
        affix = NumberAffix.None;
        var length = 0;
        while (length < text.Length && !char.IsAsciiDigit((char)text[length]) && text[length] != '(' && SpaceAt(text[length..]) == 0 && SignAt(text[length..], out _) == 0)
            length++;
        if (length < text.Length && char.IsAsciiDigit((char)text[length]) && length > 1 && text[length - 1] == '.' && NumberAffix.Find(text[..length]) is null)
            length--;
        if (NumberAffix.Find(text[..length]) is not { } found || found.Shift > 0 || (found.IsCode && length < text.Length && char.IsAsciiDigit((char)text[length])))
            return false;
        affix = found;
        text = text[length..];
        return true;
    }

    static bool TrySuffix(ref ReadOnlySpan<byte> text, out NumberAffix affix)
    {
        affix = NumberAffix.None;
        var start = text.Length;
        while (start > 0 && !char.IsAsciiDigit((char)text[start - 1]) && text[start - 1] != ')' && text[start - 1] != '-' && !EndsWithSpace(text[..start]))
            start--;
        if (NumberAffix.Find(text[start..]) is not { } found || (found.IsCode && start > 0 && char.IsAsciiDigit((char)text[start - 1])))
            return false;
        affix = found;
        text = TrimEnd(text[..start]);
        return !text.IsEmpty;
    }

    static int SignAt(ReadOnlySpan<byte> text, out bool isMinus)
    {
        isMinus = text[0] == '-' || text.StartsWith("\u2212"u8);
        return text[0] is (byte)'-' or (byte)'+' ? 1 : isMinus ? 3 : 0;
    }

    static int MinusBefore(ReadOnlySpan<byte> text) => text[^1] == '-' ? 1 : text.EndsWith("\u2212"u8) ? 3 : 0;

    /// <summary>Bytes of the space that the text begins with, 0 if with none: a space, U+00A0, U+2007, U+2009 or U+202F.</summary>
    public static int SpaceAt(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)' ' => 1,
        0xC2 => text.StartsWith("\u00A0"u8) ? 2 : 0,
        0xE2 => text.StartsWith("\u202F"u8) || text.StartsWith("\u2009"u8) || text.StartsWith("\u2007"u8) ? 3 : 0,
        _ => 0,
    };

    static bool EndsWithSpace(ReadOnlySpan<byte> text) =>
        text[^1] == ' ' || (text.Length >= 2 && SpaceAt(text[^2..]) == 2) || (text.Length >= 3 && SpaceAt(text[^3..]) == 3);

    static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && SpaceAt(text) is > 0 and var length)
            text = text[length..];
        return text;
    }

    static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && EndsWithSpace(text))
            text = text[..^(text[^1] == ' ' ? 1 : SpaceAt(text[^2..]) == 2 ? 2 : 3)];
        return text;
    }
}
