using System.Text;

namespace DataIngestion.Connect;

/// <summary>Names such as <c>market.trades</c>; a part that holds a dot or a quote stands in double quotes, with its quotes doubled.</summary>
internal static class SqlName
{
    /// <summary>The parts of a name, exactly as the database has them.</summary>
    /// <returns>Null when the name cannot be read: an empty part, or a quote that never closes.</returns>
    public static IReadOnlyList<string>? TryParse(string name)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; ; i++)
        {
            part.Clear();
            if (i < name.Length && name[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (i >= name.Length)
                        return null;
                    if (name[i] == '"' && (++i >= name.Length || name[i] != '"'))
                        break;
                    part.Append(name[i]);
                }
            }
            else
            {
                for (; i < name.Length && name[i] != '.'; i++)
                    part.Append(name[i]);
            }

            if (part.Length == 0 || (i < name.Length && name[i] != '.'))
                return null;
            parts.Add(part.ToString());
            if (i >= name.Length)
                return parts;
        }
    }

    /// <summary>A name of parts, to be read again by <see cref="TryParse"/>.</summary>
    public static string Format(params IEnumerable<string> parts) =>
        string.Join('.', parts.Select(p => p.AsSpan().ContainsAny('.', '"') ? $"\"{p.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : p));
}
