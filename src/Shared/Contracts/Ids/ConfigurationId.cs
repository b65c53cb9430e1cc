using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>Ids that people choose for sources, datasets and workflows. They become parts of paths, queue messages and URLs.</summary>
public static partial class ConfigurationId
{
    /// <summary>The rule, as a clause for error messages.</summary>
    public const string Rule = "1 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or digit";

    /// <summary>Whether the text follows <see cref="Rule"/>.</summary>
    public static bool IsValid(string? text) => text is { Length: >= 1 and <= 63 } && Pattern().IsMatch(text);

    [GeneratedRegex("^[a-z0-9]+(?:-[a-z0-9]+)*$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
