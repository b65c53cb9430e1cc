namespace DataIngestion.Conversion.Identifiers;

/// <summary>The arithmetic of check digits. Letters count 10 (A) to 35 (Z).</summary>
internal static class CheckDigits
{
    /// <summary>The value of a character; -1 for one that is neither digit nor capital letter.</summary>
    public static int ValueOf(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'Z' => c - 'A' + 10,
        _ => -1,
    };

    public static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    public static bool IsLetter(byte c) => c is >= (byte)'A' and <= (byte)'Z';

    public static bool AllAlphanumeric(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            if (ValueOf(c) < 0)
                return false;
        }

        return true;
    }

    /// <summary>Luhn over the digits of every character's value, the last character being the check digit (ISO 6166, annex).</summary>
    public static bool IsLuhn(ReadOnlySpan<byte> text)
    {
        var sum = 0;
        var isDoubled = false;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            for (var value = ValueOf(text[i]); ; value /= 10)
            {
                var digit = value % 10 * (isDoubled ? 2 : 1);
                sum += digit / 10 + digit % 10;
                isDoubled = !isDoubled;
                if (value < 10)
                    break;
            }
        }

        return sum % 10 == 0;
    }

    /// <summary>"Modulus 10 double add double": every second value twice, then the digits of all (ANSI X9.6; OMG FIGI, 6.1.2). -1 for a character without value.</summary>
    public static int DoubleAddDouble(ReadOnlySpan<byte> text, Func<byte, int> valueOf)
    {
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = valueOf(text[i]);
            if (value < 0)
                return -1;
            value *= 1 + (i & 1);
            sum += value / 10 + value % 10;
        }

        return (10 - sum % 10) % 10;
    }

    /// <summary>The remainder by 97 of the number that the characters' values make, one after another (ISO 7064, MOD 97-10).</summary>
    public static int Mod97(ReadOnlySpan<byte> text, int before = 0)
    {
        var rest = before;
        foreach (var c in text)
        {
            var value = ValueOf(c);
            rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
        }

        return rest;
    }
}
