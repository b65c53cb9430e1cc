using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>
/// The forms of references to secrets and settings: <c>${NAME}</c> (a setting), <c>${file:/run/secrets/x}</c> (the content of a file),
/// <c>${keyvault:name}</c> and <c>${keyvault:name/version}</c> (Azure Key Vault). There are no others.
/// </summary>
public static partial class SecretReference
{
    /// <summary>What the names of references to files begin with.</summary>
    public const string File = "file:";

    /// <summary>What the names of references to Azure Key Vault begin with.</summary>
    public const string KeyVault = "keyvault:";

    /// <summary>Whether the whole text is one reference.</summary>
    public static bool IsReference(string? text) => text is not null && Pattern().Match(text) is { Success: true } match && match.Length == text.Length;

    /// <summary>The names referred to in a text, with what says where they are: <c>NAME</c>, <c>file:/run/secrets/x</c>, <c>keyvault:name</c>.</summary>
    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(m => m.Groups["name"].Value);

    /// <summary>The first <c>${…</c> in a text that is no reference; null when all are.</summary>
    public static string? FindMalformed(string text) =>
        Beginning().Matches(text).FirstOrDefault(begin => !(Pattern().Match(text, begin.Index) is { Success: true } match && match.Index == begin.Index))?.Value;

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
            Message = Missing(match.Groups["name"].Value),
        }));
    }

    static string Missing(string name) => name switch
    {
        _ when name.StartsWith(File, StringComparison.Ordinal) => $"The file '{name[File.Length..]}' that the configuration refers to is not there: mount it, or correct the reference.",
        _ when name.StartsWith(KeyVault, StringComparison.Ordinal) => $"Key Vault has no secret '{name[KeyVault.Length..]}' that the configuration refers to: set it there, or correct the reference.",
        _ => $"The setting '{name}' that the configuration refers to has no value: set it in the environment, the application settings or Key Vault.",
    };

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*|file:/[^\p{C}{}$]+|keyvault:[A-Za-z0-9-]{1,127}(/[A-Za-z0-9]{1,64})?)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\$\{[^}]{0,60}\}?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Beginning();
}
