using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Headers that manifests make of user and password by hand: <c>Basic {{ (config['id'] ~ ':' ~ config['secret']) | base64encode }}</c>. The secrets
/// are references here, so the header becomes the authentication <c>basic</c>, which makes it when it is sent.
/// </summary>
internal sealed partial class BasicHeader
{
    readonly Expression _pair;

    BasicHeader(string name, Expression pair) => (Name, _pair) = (name, pair);

    /// <summary>The header's name as it is written.</summary>
    public string Name { get; }

    /// <summary>Looks for such a header.</summary>
    /// <param name="part">The component.</param>
    /// <param name="field">Its headers.</param>
    /// <returns>Null where there is none.</returns>
    public static BasicHeader? Of(Part part, string field)
    {
        foreach (var (name, value) in part.Plain(field) as LowCodeMap ?? [])
        {
            if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value is string template && PairOf(template) is { } pair)
                return new(name, part.Evaluated(pair, $"{field}.{name}"));
        }

        return null;
    }

    /// <summary>The template of user and password in such a header; null where it is another.</summary>
    public static string? PairOf(string template) =>
        Pattern().Match(template.Trim()) is { Success: true } match ? $"{{{{ {match.Groups["inner"].Value.Trim()} }}}}" : null;

    /// <summary>User and password.</summary>
    public AuthenticationDefinition Authentication(TemplateContext context) => Of(_pair.Text(context));

    /// <summary>The authentication of user and password with a colon between them.</summary>
    public static AuthenticationDefinition Of(string pair)
    {
        var colon = ColonOf(pair);
        return colon < 0 ? Of(pair, "") : Of(pair[..colon], pair[(colon + 1)..]);
    }

    /// <summary>The authentication of user and password.</summary>
    public static AuthenticationDefinition Of(string user, string password) =>
        new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = user, ["value"] = password } };

    // Not the one inside a reference such as ${keyvault:name}.
    static int ColonOf(string pair)
    {
        var isInside = false;
        for (var i = 0; i < pair.Length; i++)
        {
            if (pair[i] == '{' && i > 0 && pair[i - 1] == '$')
                isInside = true;
            else if (pair[i] == '}')
                isInside = false;
            else if (pair[i] == ':' && !isInside)
                return i;
        }

        return -1;
    }

    [GeneratedRegex(@"^Basic\s+\{\{(?<inner>.+)\|\s*base64encode\s*\}\}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
