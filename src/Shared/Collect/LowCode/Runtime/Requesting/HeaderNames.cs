using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>The headers of answers that a manifest's templates read. Only these are kept with an answer, so that a repeated run reads the same.</summary>
internal sealed partial class HeaderNames
{
    readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> All => [.. _names.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Notes the header of that name.</summary>
    public void Add(string name) => _names.Add(name);

    /// <summary>Notes the headers that a template reads: everything in it that may name one.</summary>
    public void AddFrom(Expression? template, string variable = "headers")
    {
        if (template is null || !template.Source.Contains(variable, StringComparison.Ordinal))
            return;
        foreach (Match match in Names().Matches(template.Source))
            _names.Add(match.Groups["name"].Value);
    }

    [GeneratedRegex(@"(?<=headers\s*(\[\s*|\.get\(\s*)['""])(?<name>[A-Za-z0-9_-]+)(?=['""])|(?<=headers\.)(?!get\b|items\b|keys\b|values\b)(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<=['""])(?<name>[A-Za-z0-9_-]+)(?=['""]\s+(not\s+)?in\s+headers)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Names();
}
