using System.Text;

namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>What happens to files on their way: other line ends, a cut, lines that do not belong, other letters, a missing end.</summary>
internal static class Mutation
{
    public static byte[] Apply(string format, string text, Draft draft)
    {
        if (draft.Chance(0.1))
            text = string.Join('\n', text.Split('\n').Where(_ => !draft.Chance(0.15)));
        if (draft.Chance(0.08))
            text = string.Join('\n', text.Split('\n').SelectMany<string, string>(l => draft.Chance(0.2) ? [l, ""] : [l]));
        if (format is "csv" or "tsv" or "fixed-width" or "log" && draft.Chance(0.1))
            text = draft.Phrase(2, 6) + "\n" + text;
        if (draft.Chance(0.05))
            text += draft.Pick("\n\n\n", "-- end --\n", "\u001A", "EOF\n");
        if (draft.Chance(0.12))
            text = text.Replace("a", draft.Pick("ä", "á", "å"), StringComparison.Ordinal);
        if (draft.Chance(0.15))
            text = text.TrimEnd('\n');
        if (draft.Chance(0.3))
            text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        else if (draft.Chance(0.03))
            text = text.Replace('\n', '\r');
        var bytes = Encoding.UTF8.GetBytes(text);
        return draft.Chance(0.3) && bytes.Length > 200 ? bytes[..draft.Whole(120, bytes.Length)] : bytes;
    }
}
