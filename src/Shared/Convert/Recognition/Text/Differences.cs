using System.Text.RegularExpressions;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Differences of texts in the unified form (POSIX diff -u), also where the lines that name the files are missing.</summary>
internal static partial class Differences
{
    const int MostLines = 400;
    const double LeastShare = 0.8;

    public static Verdict? Find(TextSample text)
    {
        var start = text.Start;
        if (start.StartsWith("diff --git a/"u8))
            return new("diff", 1, "starts like the differences of two texts");
        if (text.Near.IndexOf("@@ -"u8) < 0)
            return null;
        var (lines, kept, hunks, changes) = (0, 0, 0, 0);
        foreach (var line in text.Lines(MostLines))
        {
            var words = TextSample.Words(line);
            lines++;
            hunks += Hunk().IsMatch(words) ? 1 : 0;
            changes += hunks > 0 && (words.StartsWith('+') || words.StartsWith('-')) ? 1 : 0;
            kept += words.Length == 0 || words[0] is '+' or '-' or ' ' or '@' or '\\' || Header().IsMatch(words) ? 1 : 0;
        }

        return hunks > 0 && changes > 0 && kept >= lines * LeastShare ? new("diff", lines == kept ? 1 : 0.9, $"{hunks} places of change, and lines added and removed") : null;
    }

    [GeneratedRegex(@"^@@ -\d+(,\d+)? \+\d+(,\d+)? @@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hunk();

    [GeneratedRegex("^(diff |index |Index: |=====|new file|deleted file|old mode|new mode|similarity|rename |Binary files|Only in )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Header();
}
