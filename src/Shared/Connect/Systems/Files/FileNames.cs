using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The rules of names that come from another machine.</summary>
internal static class FileNames
{
    const int MaxBytes = 1024;

    /// <summary>Why a path cannot be used, as a clause; null when it stays below its base, on whatever machine it is used.</summary>
    public static string? Fault(string path)
    {
        if (path.Length == 0)
            return "is empty";
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
            return $"is longer than {MaxBytes} bytes";
        if (path.EnumerateRunes().Any(r => Rune.IsControl(r) || r == Rune.ReplacementChar || r.Value is 0x2028 or 0x2029))
            return "holds characters that are no text";
        if (path.Contains('\\', StringComparison.Ordinal))
            return "holds a backslash";
        if (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))
            return "begins with a drive";
        return path.Split('/').Any(part => part is "" or "." or "..") ? "leads out of its folder" : null;
    }

    /// <summary>A path for messages: short, and without what would disturb a terminal.</summary>
    public static string Show(string path) =>
        string.Concat((path.Length > 200 ? path[..200] + "…" : path).Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Whether a file fits a pattern: its name, or with a <c>/</c> in the pattern its path.</summary>
    public static bool Fits(string pattern, RemoteFile file) =>
        FileNamePattern.IsMatch(pattern, pattern.Contains('/', StringComparison.Ordinal) ? file.Name : file.FileName);
}
