using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>The form of references to secrets and settings: <c>${NAME}</c>.</summary>
public static partial class SecretReference
{
    /// <summary>Whether the whole text is one reference.</summary>
    public static bool IsReference(string? text) => text is not null && Pattern().Match(text) is { Success: true } match && match.Length == text.Length;

    /// <summary>The names referred to in a text.</summary>
    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(m => m.Groups["name"].Value);

    /// <summary>The text with every reference replaced.</summary>
    /// <param name="text">May hold any number of references.</param>
    /// <param name="resolve">Gives a name's value, or null if there is none.</param>
    /// <exception cref="StepFailedException">A name has no value.</exception>
    public static string Resolve(string text, Func<string, string?> resolve)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(resolve);
        return Pattern().Replace(text, match => resolve(match.Groups["name"].Value) ?? throw new StepFailedException(new()
        {
            Code = "setting-missing",
            Message = $"The setting '{match.Groups["name"].Value}' that the configuration refers to has no value: set it in the environment, the application settings or Key Vault.",
        }));
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
