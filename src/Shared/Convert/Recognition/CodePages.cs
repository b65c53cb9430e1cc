using System.Text;

namespace DataIngestion.Conversion;

/// <summary>
/// Tells code pages apart by what they make of the bytes above 127: letters that are frequent where the page is used, inside words of one script,
/// with capitals where words begin.
/// </summary>
internal static class CodePages
{
    const int MostBytes = 64 << 10;
    const double Enough = 0.5;

    /// <summary>In the order in which they win a tie: pages that hold the others come first.</summary>
    static readonly (string Name, string Frequent, string Script)[] Pages =
    [
        ("windows-1252", "éèàçäöüßñóáíúêâôîëïûåøæœãõÄÖÜÉÅØÀÁÍÓÚÑÇ£€°§“”‘’–—…•®©½¼²³ª«»\u00a0", "Western European"),
        ("windows-1250", "łąęśćżźńóčšžřěůýáíéúťďňőűöüäľĺŕôŁŚŻŹČŠŽŘÁÉÍÓÖÜâăîşţ„”“–€°§\u00a0", "Central European"),
        ("iso-8859-2", "łąęśćżźńóčšžřěůýáíéúťďňőűöüäľĺŕôŁŚŻŹČŠŽŘÁÉÍÓÖÜâăîşţ§°\u00a0", "Central European"),
        ("windows-1254", "ığşöüçİĞŞÖÜÇâî’“”–€\u00a0", "Turkish"),
        ("windows-1251", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґўОЕАИНТСРВЛКМДПУЯГЗБЧЖШЮЦЭФ«»№–—\u00a0", "Cyrillic"),
        ("koi8-r", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЖШЮЦЭФ", "Cyrillic"),
        ("iso-8859-5", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєОЕАИНТСРВЛКМДПУЯГЗБЧЖШЮЦЭФ№\u00a0", "Cyrillic"),
        ("ibm866", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЖШЮЦЭФ№", "Cyrillic"),
        ("windows-1253", "αοιετσνρπκμλυςηωδγχθφβξζψάέήίόύώΑΟΙΕΤΣΝΡΠΚΜΛ€«»–’\u00a0", "Greek"),
        ("iso-8859-7", "αοιετσνρπκμλυςηωδγχθφβξζψάέήίόύώΆΑΟΙΕΤΣΝΡΠΚΜΛ€«»\u00a0", "Greek"),
        ("iso-8859-15", "éèàçäöüßñóáíúêâôîëïûåøæœžšãõÄÖÜÉ£€°§²³ª«»\u00a0", "Western European"),
    ];

    /// <returns>The page, or null where none makes words of the bytes.</returns>
    public static (string Name, string Evidence)? Find(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, MostBytes)];
        if (EastAsian.Find(sample) is { } asian)
            return asian;
        (string Name, double Score, string Script) best = ("", 0, "");
        foreach (var (name, frequent, script) in Pages)
        {
            var score = Score(Pipeline.InputStreams.Find(name).GetString(sample), frequent);
            if (score > best.Score + 0.02)
                best = (name, score, script);
        }

        return best.Score < Enough ? null : (best.Name, $"is no UTF-8; as {best.Name} ({best.Script}) the bytes above 127 make words");
    }

    /// <summary>From −1 (no text) to 1 (frequent letters at their places) for the characters above 127.</summary>
    static double Score(string text, string frequent)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80)
                continue;
            count++;
            var before = i > 0 ? text[i - 1] : ' ';
            var after = i + 1 < text.Length ? text[i + 1] : ' ';
            sum += char.IsLetter(c) ? Letter(c, before, after, frequent) : Mark(c, before, after, frequent);
        }

        return count == 0 ? 0 : sum / count;
    }

    static double Letter(char c, char before, char after, string frequent)
    {
        var weight = frequent.Contains(c) ? 1 : 0.2;
        if (!char.IsLetter(before) && !char.IsLetter(after))
            weight -= 0.6;
        // A capital after a small letter, and letters of two scripts in a word, are rare.
        if (char.IsUpper(c) && char.IsLower(before))
            weight -= 0.8;
        if (char.IsLetter(before) && Script(before) != Script(c))
            weight -= 1;
        return weight;
    }

    static double Mark(char c, char before, char after, string frequent)
    {
        if (char.IsControl(c) || c == '\uFFFD')
            return -1;
        if (!frequent.Contains(c))
            return -0.2;
        return char.IsLetter(before) && char.IsLetter(after) && c is not ('’' or '–' or '\u00a0') ? -0.3 : 0.8;
    }

    static int Script(char c) => c < 0x250 ? 0 : c is >= '\u0370' and < '\u0400' or >= '\u1F00' and < '\u2000' ? 1 : c is >= '\u0400' and < '\u0530' ? 2 : 3;
}
