using DataIngestion.Conversion.Identifiers;

namespace DataIngestion.Conversion;

/// <summary>Tells identifiers by form, check digits and code lists.</summary>
public static class Identifier
{
    const int LongestIban = 34;

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<IdentifierKind> Kinds { get; } = Enum.GetValues<IdentifierKind>();

    /// <summary>The name of a kind in schemas: <c>isin</c>.</summary>
    public static string NameOf(IdentifierKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind of a name; null for none.</summary>
    public static IdentifierKind? KindOf(string name) => Kinds.FirstOrDefault(k => NameOf(k) == name) is var kind && NameOf(kind) == name ? kind : null;

    /// <summary>Whether a text is an identifier of a kind: its form, its check digits, and the codes in it.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="text">ASCII without surrounding blanks. Lower-case letters are none of an identifier's.</param>
    public static bool IsValid(IdentifierKind kind, ReadOnlySpan<byte> text) => kind switch
    {
        IdentifierKind.Isin => text.Length == 12 && CheckDigits.IsDigit(text[11]) && CheckDigits.AllAlphanumeric(text) && CodeLists.IsIsinPrefix(text[..2]) && CheckDigits.IsLuhn(text),
        IdentifierKind.Cusip => text.Length == 9 && CheckDigits.IsDigit(text[8]) && CheckDigits.DoubleAddDouble(text[..8], CusipValue) == text[8] - '0' && HasDigit(text[..8]),
        IdentifierKind.Sedol => IsSedol(text),
        IdentifierKind.Figi => IsFigi(text),
        IdentifierKind.Lei => text.Length == 20 && CheckDigits.IsDigit(text[18]) && CheckDigits.IsDigit(text[19]) && CheckDigits.AllAlphanumeric(text) && CheckDigits.Mod97(text) == 1,
        IdentifierKind.Bic => text.Length is 8 or 11 && CheckDigits.AllAlphanumeric(text) && IsBankCode(text[..4]) && CodeLists.IsCountry(text[4..6]),
        IdentifierKind.Iban => IsIban(text),
        IdentifierKind.Mic => CodeLists.IsMarket(text),
        _ => CodeLists.IsCurrency(text),
    };

    static int CusipValue(byte c) => c switch
    {
        (byte)'*' => 36,
        (byte)'@' => 37,
        (byte)'#' => 38,
        _ => CheckDigits.ValueOf(c),
    };

    /// <summary>An issuer's number has digits; a word of nine letters has none.</summary>
    static bool HasDigit(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)'0', (byte)'9');

    /// <summary>No vowels; weights 1, 3, 1, 7, 3, 9, 1 (London Stock Exchange, SEDOL Masterfile).</summary>
    static bool IsSedol(ReadOnlySpan<byte> text)
    {
        if (text.Length != 7 || !CheckDigits.IsDigit(text[6]) || text.ContainsAny("AEIOU"u8))
            return false;
        ReadOnlySpan<byte> weights = [1, 3, 1, 7, 3, 9, 1];
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = CheckDigits.ValueOf(text[i]);
            if (value < 0)
                return false;
            sum += value * weights[i];
        }

        return sum % 10 == 0;
    }

    /// <summary>Two consonants that cannot be taken for the prefix of an ISIN, G, eight characters without vowels, a check digit (OMG FIGI, 6.1).</summary>
    static bool IsFigi(ReadOnlySpan<byte> text)
    {
        if (text.Length != 12 || text[2] != 'G' || !CheckDigits.IsDigit(text[11]) || !CheckDigits.IsLetter(text[0]) || !CheckDigits.IsLetter(text[1]) || text.ContainsAny("AEIOU"u8))
            return false;
        var prefix = text[..2];
        if (prefix.SequenceEqual("BS"u8) || prefix.SequenceEqual("BM"u8) || prefix.SequenceEqual("GG"u8) || prefix.SequenceEqual("GB"u8) || prefix.SequenceEqual("GH"u8)
            || prefix.SequenceEqual("KY"u8) || prefix.SequenceEqual("VG"u8))
            return false;
        return CheckDigits.DoubleAddDouble(text[..11], CheckDigits.ValueOf) == text[11] - '0';
    }

    static bool IsBankCode(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'A', (byte)'Z');

    static bool IsIban(ReadOnlySpan<byte> text)
    {
        Span<byte> plain = stackalloc byte[LongestIban];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ' && length > 0 && length % 4 == 0 && text[i - 1] != ' ')
                continue;
            if (length == LongestIban || CheckDigits.ValueOf(text[i]) < 0)
                return false;
            plain[length++] = text[i];
        }

        plain = plain[..length];
        return length > 4 && length == IbanLengths.Of(plain[0], plain[1]) && CheckDigits.IsDigit(plain[2]) && CheckDigits.IsDigit(plain[3])
            && CheckDigits.Mod97(plain[..4], CheckDigits.Mod97(plain[4..])) == 1;
    }
}
