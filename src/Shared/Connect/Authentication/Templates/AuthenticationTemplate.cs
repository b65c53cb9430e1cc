using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The content of <c>authentication-templates.yaml</c>.</summary>
internal sealed record TemplateFile
{
    /// <summary>The templates by name.</summary>
    public IReadOnlyDictionary<string, AuthenticationTemplate> Templates { get; init; } = new Dictionary<string, AuthenticationTemplate>();
}

/// <summary>A way of authentication with options that many sources share. What it leaves out, a source says.</summary>
internal sealed record AuthenticationTemplate : IValidatableObject
{
    /// <summary>Who takes this, in one sentence.</summary>
    [Required]
    public required string Summary { get; init; }

    /// <summary>The way, such as <c>oauth2</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What a source has to say in place of <c>{name}</c> in the options, each with a description.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Options of the kind; values may hold <c>{name}</c> of <see cref="Parameters"/>.</summary>
    [Options]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var used = Options.Values.SelectMany(TemplateText.NamesIn).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Parameters.Keys.Where(name => !used.Contains(name)))
            yield return new($"no option uses the parameter '{name}': write {{{name}}} where it belongs, or leave it out.", [$"{nameof(Parameters)}[{name}]"]);
        foreach (var (option, text) in Options)
        {
            foreach (var name in TemplateText.NamesIn(text).Where(name => !Parameters.ContainsKey(name)))
                yield return new($"'{option}' holds {{{name}}}, which is no parameter: {Suggestion.Phrase(name, [.. Parameters.Keys])}", [$"{nameof(Options)}[{option}]"]);
        }
    }
}

/// <summary>Texts with <c>{name}</c> in them; <c>${NAME}</c> is a reference and stays.</summary>
internal static partial class TemplateText
{
    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(m => m.Groups["name"].Value);

    public static string Fill(string text, Func<string, string> value) => Pattern().Replace(text, m => value(m.Groups["name"].Value));

    [GeneratedRegex(@"(?<!\$)\{(?<name>[a-z][A-Za-z0-9]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
