namespace DataIngestion.Conversion;

/// <summary>
/// Tells encodings with two bytes a character: every pair must be valid, and most must be characters that people use. Bytes of a Western page
/// stand alone between ASCII letters and fail both.
/// </summary>
internal static class EastAsian
{
    const int FewCharacters = 3;

    public static (string Name, string Evidence)? Find(ReadOnlySpan<byte> bytes)
    {
        var japanese = ShiftJis(bytes);
        var chinese = Gb18030(bytes);
        var extended = EucJp(bytes);
        if (extended >= japanese && extended >= chinese && extended > 0)
            return ("euc-jp", "is no UTF-8; as EUC-JP its pairs of bytes are kana and kanji in use");
        if (japanese > 0 && japanese >= chinese)
            return ("shift_jis", "is no UTF-8; as Shift-JIS its pairs of bytes are kana and kanji in use");
        return chinese > 0 ? ("gb18030", "is no UTF-8; as GB 18030 its pairs of bytes are characters in use") : null;
    }

    /// <summary>Share of the characters that are in use; 0 where it is no Shift-JIS.</summary>
    static double ShiftJis(ReadOnlySpan<byte> bytes)
    {
        var (usual, all) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            var lead = bytes[i];
            if (lead < 0x80)
                continue;
            all++;
            if (lead is >= 0xA1 and <= 0xDF)
                continue;
            if (lead is 0x80 or 0xA0 or > 0xFC)
                return 0;
            if (++i == bytes.Length)
                break;
            if (bytes[i] is < 0x40 or 0x7F or > 0xFC)
                return 0;
            // Punctuation, Latin, kana and the kanji of the first level.
            usual += lead is 0x81 or 0x82 or 0x83 or (>= 0x88 and <= 0x98) ? 1 : 0;
        }

        return Share(usual, all, 0.8);
    }

    static double EucJp(ReadOnlySpan<byte> bytes)
    {
        var (usual, kana, all) = (0, 0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            var lead = bytes[i];
            if (lead < 0x80)
                continue;
            all++;
            if (lead < 0xA1 && lead != 0x8E)
                return 0;
            if (++i == bytes.Length)
                break;
            if (bytes[i] < 0xA1)
                return 0;
            kana += lead is 0xA4 or 0xA5 ? 1 : 0;
            usual += lead is 0xA1 or 0xA3 or 0xA4 or 0xA5 or (>= 0xB0 and <= 0xCF) ? 1 : 0;
        }

        // Chinese in GB 2312 has the same pairs, but hardly any kana.
        return kana * 5 < all ? 0 : Share(usual, all, 0.9);
    }

    static double Gb18030(ReadOnlySpan<byte> bytes)
    {
        var (usual, all) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            var lead = bytes[i];
            if (lead < 0x80)
                continue;
            all++;
            if (lead is 0x80 or 0xFF)
                return 0;
            if (++i == bytes.Length)
                break;
            if (bytes[i] is >= 0x30 and <= 0x39)
            {
                if (i + 2 < bytes.Length && (bytes[i + 1] is < 0x81 or 0xFF || bytes[i + 2] is < 0x30 or > 0x39))
                    return 0;
                i += 2;
                continue;
            }

            if (bytes[i] is < 0x40 or 0x7F or 0xFF)
                return 0;
            // Punctuation, full-width Latin and the characters of GB 2312's first level.
            usual += bytes[i] >= 0xA1 && lead is 0xA1 or 0xA3 or (>= 0xB0 and <= 0xD7) ? 1 : 0;
        }

        return Share(usual, all, 0.7);
    }

    static double Share(int usual, int all, double least) => all < FewCharacters || usual < all * least ? 0 : (double)usual / all;
}
