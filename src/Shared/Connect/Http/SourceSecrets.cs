using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The values behind the references of one request: resolved when asked for, forgotten with the request, and masked in every text
/// that leaves this project. Values under <see cref="ShortestMasked"/> characters are not masked; they would mask half the text.
/// </summary>
internal sealed class SourceSecrets
{
    public const int ShortestMasked = 4;

    readonly Func<string, string?> _settings;
    readonly List<(string Name, string Value)> _known = [];
    readonly string? _basic;

    public SourceSecrets(ConnectionDefinition connection, Func<string, string?> settings, SourceRequest? request = null)
    {
        _settings = settings;
        IEnumerable<string?> texts =
        [
            connection.BaseUrl, .. connection.Auth?.Options.Values ?? [], .. connection.Headers.Values, .. connection.Options.Values,
            request?.Path, .. request?.Query.Select(q => q.Value) ?? [], .. request?.Headers.Values ?? [], request?.Body,
        ];
        foreach (var name in texts.OfType<string>().SelectMany(SecretReference.NamesIn).Distinct(StringComparer.Ordinal))
        {
            // An address of a host is a setting, not a secret, and belongs into messages.
            if (settings(name) is { Length: >= ShortestMasked } value && !value.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                _known.Add((name, value));
        }

        if (connection.Auth is { Kind: "basic" } auth)
            _basic = BasicOf(auth, name => settings(name) ?? "");
        _known.Sort((a, b) => b.Value.Length.CompareTo(a.Value.Length)); // a secret that holds another one first
    }

    /// <summary>The text with its references replaced by their values.</summary>
    public string Resolve(string text) => SecretReference.Resolve(text, _settings);

    /// <summary>The text with its references replaced by their values, escaped for an address.</summary>
    public string ResolveEscaped(string text) =>
        SecretReference.Resolve(text, name => _settings(name) is { } value ? Uri.EscapeDataString(value) : null);

    /// <summary>Credentials for Basic.</summary>
    public string ResolveBasic(AuthenticationDefinition auth) => BasicOf(auth, _settings);

    /// <summary>The text with every value, plain, escaped or as base64, replaced by <c>***</c>.</summary>
    public string Mask(string text)
    {
        if (_basic is not null)
            text = text.Replace(_basic, "***", StringComparison.Ordinal);
        foreach (var (_, value) in _known)
        {
            text = text
                .Replace(value, "***", StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(value), "***", StringComparison.OrdinalIgnoreCase)
                .Replace(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>An address with values turned back into their references, and without the parameter that carries the API key, which every request gets anew.</summary>
    public string ToReferences(Uri address, string? keyParameter)
    {
        var parts = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => keyParameter is null || !string.Equals(NameOf(part), keyParameter, StringComparison.OrdinalIgnoreCase));
        var text = address.GetLeftPart(UriPartial.Path) + (string.Join('&', parts) is { Length: > 0 } query ? $"?{query}" : "");
        foreach (var (name, value) in _known)
        {
            text = text
                .Replace(Uri.EscapeDataString(value), $"${{{name}}}", StringComparison.OrdinalIgnoreCase)
                .Replace(value, $"${{{name}}}", StringComparison.Ordinal);
        }

        return text;
    }

    static string NameOf(string part) => Uri.UnescapeDataString(part.Split('=', 2)[0]);

    // RFC 7617.
    static string BasicOf(AuthenticationDefinition auth, Func<string, string?> settings) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes($"{SecretReference.Resolve(auth["user"] ?? "", settings)}:{SecretReference.Resolve(auth["value"] ?? "", settings)}"));
}
