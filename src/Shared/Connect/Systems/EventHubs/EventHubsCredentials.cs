using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>A token for Event Hubs.</summary>
/// <param name="Type">What the service calls its kind.</param>
/// <param name="Value">The token.</param>
/// <param name="ExpiresAt">When it ends to be good.</param>
internal sealed record EventHubsToken(string Type, string Value, DateTimeOffset ExpiresAt);

/// <summary>Makes tokens: signed with the key of a shared access policy, or from what gives bearer tokens.</summary>
internal sealed class EventHubsCredentials
{
    readonly SourceSite _site;
    readonly Authentications _authentications;
    readonly (string Name, string Key)? _policy;
    readonly string? _signature;
    readonly TimeSpan _lifetime;

    public EventHubsCredentials(SourceSite site, Authentications authentications)
    {
        (_site, _authentications) = (site, authentications);
        var options = site.Options<EventHubsConnectionOptions>();
        _lifetime = options.TokenLifetime;
        if (site.Resolve(options.ConnectionString) is { } text)
            (_policy, _signature) = Read(text);
        else if (site.Login is { } login)
            _policy = (login.UserName, login.Password);
    }

    /// <summary>A token for a resource, such as <c>amqps://host/hub</c>.</summary>
    public async Task<EventHubsToken> TokenAsync(string resource, CancellationToken cancellationToken)
    {
        const string Sas = "servicebus.windows.net:sastoken";
        if (_signature is not null)
            return new(Sas, _signature, DateTimeOffset.MaxValue);
        if (_policy is not var (name, key))
            return await BearerToken.GetAsync(_site, _authentications, cancellationToken) is { } token ? new("jwt", token.Value, token.ExpiresAt) : null!;
        var expiry = _site.Time.GetUtcNow() + _lifetime;
        var escaped = Uri.EscapeDataString(resource);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{escaped}\n{expiry.ToUnixTimeSeconds()}")));
        return new(Sas, $"SharedAccessSignature sr={escaped}&sig={Uri.EscapeDataString(signature)}&se={expiry.ToUnixTimeSeconds()}&skn={Uri.EscapeDataString(name)}", expiry);
    }

    ((string, string)? Policy, string? Signature) Read(string text)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw _site.Fail("configuration-invalid", "The connection string is none: expected 'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…'.", isTransient: false);
        }

        if (!Uri.TryCreate(Value("Endpoint"), UriKind.Absolute, out var endpoint) || !string.Equals(endpoint.IdnHost, _site.Address.IdnHost, StringComparison.OrdinalIgnoreCase))
            throw _site.Fail("configuration-invalid", $"The connection string is for another host than the base address '{_site.Address.IdnHost}'.", isTransient: false);
        if (Value("SharedAccessSignature") is { } signature)
            return (null, signature);
        return Value("SharedAccessKeyName") is { } name && Value("SharedAccessKey") is { } key
            ? ((name, key), null)
            : throw _site.Fail("configuration-invalid", "The connection string has neither SharedAccessKeyName and SharedAccessKey nor SharedAccessSignature.", isTransient: false);

        string? Value(string name) => parts.TryGetValue(name, out var value) ? value.ToString() : null;
    }
}
