using System.IO.Enumeration;

namespace DataIngestion.Contracts;

/// <summary>Patterns of file names in configuration: <c>*</c> stands for any characters, <c>?</c> for one; case is ignored.</summary>
public static class FileNamePattern
{
    /// <summary>Whether the whole name fits the pattern.</summary>
    public static bool IsMatch(string pattern, string fileName) => FileSystemName.MatchesSimpleExpression(pattern, fileName, ignoreCase: true);
}
