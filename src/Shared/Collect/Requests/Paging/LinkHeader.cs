namespace DataIngestion.Collect;

/// <summary>The <c>Link</c> header (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>Target of the first link whose relations include <paramref name="relation"/>; null if there is none.</summary>
    public static string? Find(string? header, string relation)
    {
        for (var rest = header.AsSpan(); rest.IndexOf('<') is >= 0 and var open;)
        {
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('>');
            if (close < 0)
                return null;
            var target = rest[..close].Trim();
            rest = rest[(close + 1)..];
            var end = EndOfParameters(rest);
            if (HasRelation(rest[..end], relation))
                return target.ToString();
            rest = rest[end..];
        }

        return null;
    }

    // Up to the comma that separates two links; commas between quotes are text.
    static int EndOfParameters(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == ',' && !quoted)
                return i;
        }

        return text.Length;
    }

    static bool HasRelation(ReadOnlySpan<char> parameters, string relation)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].TrimEnd().Equals("rel", StringComparison.OrdinalIgnoreCase))
                return parameter[(equals + 1)..].Trim().Trim('"').ToString().Split(' ').Contains(relation, StringComparer.OrdinalIgnoreCase);
        }

        return false;
    }
}
