using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The values behind the references of one connection: read before they are asked for, forgotten with it, and masked in every text
/// that leaves this project. Values under <see cref="ShortestMasked"/> characters are not masked; they would mask half the text.
/// </summary>
internal sealed class SourceSecrets
{
    public const int ShortestMasked = 4;

    readonly Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>>? _readAnew;
    readonly IReadOnlyCollection<string> _names;
    readonly SecretMask _mask = new();
    Func<string, string?> _values;

    /// <summary>Secrets whose values are at hand.</summary>
    /// <param name="connection">Whose they are.</param>
    /// <param name="values">A name's value; null when it has none.</param>
    /// <param name="request">What else refers to secrets.</param>
    /// <param name="readAnew">Reads all of them again; null when they cannot change.</param>
    public SourceSecrets(
        ConnectionDefinition connection, Func<string, string?> values, SourceRequest? request = null, Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>>? readAnew = null)
    {
        Connection = connection;
        _names = NamesIn(connection, request);
        _values = values;
        _readAnew = readAnew;
        Learn();
    }

    /// <summary>Whose they are.</summary>
    public ConnectionDefinition Connection { get; }

    /// <summary>The names that a connection and a request refer to.</summary>
    public static IReadOnlyCollection<string> NamesIn(ConnectionDefinition connection, SourceRequest? request)
    {
        IEnumerable<string?> texts =
        [
            connection.BaseUrl, .. connection.Origins, .. connection.Auth?.Options.Values ?? [], .. connection.Headers.Values, .. connection.Options.Values, .. connection.Tls?.Texts() ?? [],
            request?.Path, .. request?.Query.Select(q => q.Value) ?? [], .. request?.Headers.Values ?? [], request?.Body,
        ];
        return [.. texts.OfType<string>().SelectMany(SecretReference.NamesIn).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The text with its references replaced by their values.</summary>
    public string Resolve(string text) => SecretReference.Resolve(text, _values);

    /// <summary>The text with its references replaced by their values as <paramref name="escape"/> writes them, such as for JSON.</summary>
    public string Resolve(string text, Func<string, string> escape) => SecretReference.Resolve(text, name => _values(name) is { } value ? escape(value) : null);

    /// <summary>The text with its references replaced by their values, escaped for an address.</summary>
    public string ResolveEscaped(string text) => Resolve(text, Uri.EscapeDataString);

    /// <summary>Credentials for Basic.</summary>
    public string ResolveBasic(AuthenticationDefinition auth) => BasicOf(auth, _values);

    /// <summary>Reads the secrets again, for when the source no longer accepts them.</summary>
    /// <returns>Whether one has another value now: the same request may succeed then.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (_readAnew is null)
            return false;
        var (before, after) = (_values, await _readAnew(cancellationToken));
        if (_names.All(name => before(name) == after.GetValueOrDefault(name)))
            return false;
        _values = name => after.GetValueOrDefault(name);
        Learn(); // answers may still speak of the old ones, which stay masked
        return true;
    }

    /// <summary>Masks a value that no reference leads to from now on: a token, a key out of a file.</summary>
    public void Hide(string value) => _mask.Add(null, value);

    /// <summary>The text with every value, plain or in a form that is derived from it, replaced by <c>***</c>.</summary>
    public string Mask(string text) => _mask.Apply(text);

    /// <summary>An address with values turned back into their references, and without the parameter that carries the API key, which every request gets anew.</summary>
    public string ToReferences(Uri address, string? keyParameter)
    {
        var parts = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => keyParameter is null || !string.Equals(NameOf(part), keyParameter, StringComparison.OrdinalIgnoreCase));
        return _mask.ToReferences(address.GetLeftPart(UriPartial.Path) + (string.Join('&', parts) is { Length: > 0 } query ? $"?{query}" : ""));
    }

    void Learn()
    {
        foreach (var name in _names)
        {
            if (_values(name) is { } value && !IsAddress(value))
                _mask.Add(name, value);
        }

        if (Connection.Auth is { Kind: "basic" } auth)
            _mask.Add(null, BasicOf(auth, name => _values(name) ?? ""));
    }

    // An address of a host is a setting, not a secret, and belongs into messages.
    static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo: "", Query: "", Fragment: "" };

    static string NameOf(string part) => Uri.UnescapeDataString(part.Split('=', 2)[0]);

    // RFC 7617.
    static string BasicOf(AuthenticationDefinition auth, Func<string, string?> values) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes($"{SecretReference.Resolve(auth["user"] ?? "", values)}:{SecretReference.Resolve(auth["value"] ?? "", values)}"));
}
