using System.Text;

namespace DataIngestion.Connect;

/// <summary>The beginning of an answer, for messages.</summary>
public static class TextQuote
{
    const int Longest = 200;

    /// <summary>At most 200 characters on one line; control characters become spaces.</summary>
    /// <param name="bytes">The first bytes of the answer, taken for UTF-8.</param>
    /// <param name="mask">Takes secrets out; applied before the text is cut, so that none is cut in half.</param>
    public static string Of(ReadOnlySpan<byte> bytes, Func<string, string> mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var text = mask(Encoding.UTF8.GetString(bytes));
        var line = new StringBuilder(Longest + 1);
        foreach (var c in text)
        {
            if (line.Length > Longest)
                break;
            if (!char.IsControl(c) && !char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.Length > Longest ? line.ToString(0, Longest - 1) + "…" : line.ToString().TrimEnd();
    }
}
