using System.IO.Enumeration;

namespace DataIngestion.Contracts;

/// <summary>Patterns of file names in configuration: <c>*</c> stands for any characters, <c>?</c> for one; case is ignored.</summary>
public static class FileNamePattern
{
    /// <summary>What stands for the part of a name that is taken out of it.</summary>
    public const string Value = "{value}";

    /// <summary>Whether the whole name fits the pattern.</summary>
    public static bool IsMatch(string pattern, string fileName) => FileSystemName.MatchesSimpleExpression(pattern, fileName, ignoreCase: true);

    /// <summary>Whether a pattern has one <see cref="Value"/>.</summary>
    public static bool HasValue(string pattern) =>
        pattern.IndexOf(Value, StringComparison.Ordinal) is >= 0 and var at && pattern.IndexOf(Value, at + 1, StringComparison.Ordinal) < 0;

    /// <summary>
    /// What <see cref="Value"/> stands for in a name: the shortest text with which the whole name fits. Folders before the name do not count,
    /// unless the pattern has some.
    /// </summary>
    /// <returns>Null where the name does not fit.</returns>
    public static string? Find(string pattern, string fileName)
    {
        var at = pattern.IndexOf(Value, StringComparison.Ordinal);
        var (before, after) = (pattern[..at], pattern[(at + Value.Length)..]);
        var name = pattern.Contains('/', StringComparison.Ordinal) ? fileName : fileName[(fileName.LastIndexOf('/') + 1)..];
        for (var length = 1; length <= name.Length; length++)
        {
            for (var start = 0; start + length <= name.Length; start++)
            {
                if (Fits(before, name[..start]) && Fits(after, name[(start + length)..]))
                    return name.Substring(start, length);
            }
        }

        return null;
    }

    // An empty expression matches nothing, not even an empty name.
    static bool Fits(string pattern, string text) => pattern.Length == 0 ? text.Length == 0 : IsMatch(pattern, text);
}
