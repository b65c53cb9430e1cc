namespace DataIngestion.Conversion.Texts;

/// <summary>
/// A text as numbers for the classifier: shares of characters, the structure of lines, and hashed trigrams and words of its first 4 KiB. Letters of trigrams
/// and digits are folded, so that what is learnt is how a format is written, and hardly what is written in it.
/// </summary>
internal static class TextFeatures
{
    /// <summary>How much of a text is looked at.</summary>
    public const int MostBytes = 4 << 10;

    const int Trigrams = 512;
    const int Words = 1024;

    /// <summary>Length of the vector. A change of anything here needs a new model.</summary>
    public static readonly int Count = Characters.Length + LineFeatures.Count + Trigrams + Words;

    const string Characters = ",;|:=<>{}[]()\"'#@$%&*+-/\\_.!?~^` \tAa0\u0080";

    static readonly byte[] Kinds = KindTable();

    /// <summary>The features of a text's start.</summary>
    /// <param name="text">UTF-8, from the first character that is no white space.</param>
    public static float[] Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > MostBytes)
            text = text[..MostBytes];
        var features = new float[Count];
        Shares(text, features.AsSpan(0, Characters.Length));
        LineFeatures.Fill(text, features.AsSpan(Characters.Length, LineFeatures.Count));
        var hashed = features.AsSpan(Characters.Length + LineFeatures.Count);
        HashTrigrams(text, hashed[..Trigrams]);
        HashWords(text, hashed.Slice(Trigrams, Words));
        return features;
    }

    static void Shares(ReadOnlySpan<byte> text, Span<float> shares)
    {
        Span<int> counts = stackalloc int[Characters.Length];
        foreach (var b in text)
        {
            if (Kinds[b] is var kind and < 255)
                counts[kind]++;
        }

        // The root makes a rare character count for more than its share.
        for (var i = 0; i < counts.Length; i++)
            shares[i] = MathF.Sqrt(counts[i] / (float)Math.Max(1, text.Length)) * 2;
    }

    static byte[] KindTable()
    {
        var table = new byte[256];
        for (var b = 0; b < 256; b++)
        {
            var stands = b >= 0x80 ? '\u0080' : char.IsAsciiLetterUpper((char)b) ? 'A' : char.IsAsciiLetterLower((char)b) ? 'a' : char.IsAsciiDigit((char)b) ? '0' : (char)b;
            table[b] = Characters.IndexOf(stands, StringComparison.Ordinal) is >= 0 and var at ? (byte)at : (byte)255;
        }

        return table;
    }

    /// <summary>A letter stands for all letters of its case, a digit for all digits, so that only shapes are left.</summary>
    static void HashTrigrams(ReadOnlySpan<byte> text, Span<float> buckets)
    {
        uint window = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            var folded = b >= 0x80 ? (byte)0x80 : char.IsAsciiLetterUpper((char)b) ? (byte)'A' : char.IsAsciiLetterLower((char)b) ? (byte)'a' : char.IsAsciiDigit((char)b) ? (byte)'0' : b;
            window = ((window << 8) | folded) & 0xFFFFFF;
            if (i >= 2)
                buckets[(int)((window * 2654435761u) >> 23)]++;
        }

        Scale(buckets, text.Length);
    }

    /// <summary>Words of two to twelve letters in lower case, with the character before them where it is a mark.</summary>
    static void HashWords(ReadOnlySpan<byte> text, Span<float> buckets)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiLetter((char)text[i]))
            {
                i++;
                continue;
            }

            var begin = i;
            var hash = 2166136261u;
            for (; i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] == '_'); i++)
                hash = (hash ^ (uint)(text[i] | 0x20)) * 16777619u;
            if (i - begin is < 2 or > 12)
                continue;
            if (begin > 0 && text[begin - 1] is (byte)'\\' or (byte)'@' or (byte)'#' or (byte)'<' or (byte)'$' or (byte)'.')
                hash = (hash ^ text[begin - 1]) * 16777619u;
            buckets[(int)((hash * 2654435761u) >> 22)]++;
        }

        Scale(buckets, text.Length / 5);
    }

    static void Scale(Span<float> buckets, int total)
    {
        var per = 1f / Math.Max(1, total);
        foreach (ref var bucket in buckets)
            bucket = bucket == 0 ? 0 : MathF.Sqrt(bucket * per);
    }
}
