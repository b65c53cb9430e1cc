using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What a person has to do.</summary>
/// <param name="Address">The page to open.</param>
/// <param name="Code">The code to enter there; null when the page needs none.</param>
/// <param name="Until">When it is too late.</param>
public sealed record ConsentPrompt(Uri Address, string? Code, DateTimeOffset Until);

/// <summary>What came of it.</summary>
/// <param name="Lasts">Whether tokens can be renewed from now on without anybody.</param>
/// <param name="TokenLifetime">How long the first token is good for.</param>
public sealed record ConsentResult(bool Lasts, TimeSpan TokenLifetime);

/// <summary>
/// A person's consent that a source is read in their name: in a browser on this machine (RFC 6749 §4.1 with PKCE, RFC 7636, and a loopback
/// address, RFC 8252), or on another device (RFC 8628). What comes of it is sealed and kept where all workers find it.
/// </summary>
public sealed class Consents
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly TimeSpan DeviceInterval = TimeSpan.FromSeconds(5);

    readonly Authentications _authentications;
    readonly SecretReader _secrets;
    readonly OAuth2Authentication _oauth2;
    readonly TokenEndpoint _endpoint;
    readonly TokenCache _tokens;
    readonly TimeProvider _time;

    internal Consents(Authentications authentications, SecretReader secrets, OAuth2Authentication oauth2, TokenEndpoint endpoint, TokenCache tokens, TimeProvider time) =>
        (_authentications, _secrets, _oauth2, _endpoint, _tokens, _time) = (authentications, secrets, oauth2, endpoint, tokens, time);

    /// <summary>Asks for consent, waits for it, and keeps what came of it.</summary>
    /// <param name="source">A source whose <c>auth</c> has the grant <c>authorization-code</c> or <c>device-code</c>.</param>
    /// <param name="show">Called once, with what the person has to do.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The source needs no consent, it was denied, or the time is over.</exception>
    public async Task<ConsentResult> AskAsync(SourceDefinition source, Action<ConsentPrompt> show, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(show);
        source = _authentications.Complete(source);
        if (source.Connection is not { Auth: { Kind: "oauth2" } auth } connection)
            throw Fail("consent-not-needed", $"The source '{source.Source}' needs nobody's consent: only those with 'auth: {{kind: oauth2, grant: authorization-code}}' or 'device-code' do.");
        var context = new AuthenticationContext(source.Source, auth, await _secrets.ReadAsync(connection, request: null, cancellationToken));
        var options = context.Options<OAuth2Options>();
        var issued = options.Grant switch
        {
            OAuth2Grant.AuthorizationCode => await InBrowserAsync(context, options, show, cancellationToken),
            OAuth2Grant.DeviceCode => await OnDeviceAsync(context, options, show, cancellationToken),
            _ => throw Fail("consent-not-needed", $"The source '{source.Source}' needs nobody's consent: its grant is another one."),
        };
        await _tokens.StoreAsync(_oauth2.RequestFor(context), issued, cancellationToken);
        return new(issued.Refresh is not null, issued.Lifetime);
    }

    async Task<IssuedToken> InBrowserAsync(AuthenticationContext context, OAuth2Options options, Action<ConsentPrompt> show, CancellationToken cancellationToken)
    {
        var (state, verifier) = (Unguessable(), Unguessable());
        await using var redirect = await LoopbackRedirect.StartAsync(options.RedirectPort, state, cancellationToken);
        List<KeyValuePair<string, string>> query =
        [
            new("response_type", "code"), new("client_id", context.Secrets.Resolve(options.ClientId!)), new("redirect_uri", redirect.Address.ToString()), new("state", state),
            new("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), new("code_challenge_method", "S256"),
            .. TokenEndpoint.Target(context, options),
        ];
        var page = TokenEndpoint.AddressOf(context, options.AuthorizeUrl!);
        if (page.Scheme != "https" && !context.Secrets.Connection.AllowPrivateNetwork)
            throw Fail("address-refused", $"'{options.AuthorizeUrl}' is not opened: expected an https address.");
        var text = string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
        show(new(new($"{page.AbsoluteUri}{(page.Query.Length > 0 ? '&' : '?')}{text}"), null, _time.GetUtcNow() + Patience));

        var code = await WithinAsync(redirect.CodeAsync, cancellationToken);
        context.Secrets.Hide(code);
        return await _endpoint.AskAsync(
            context, [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirect.Address.ToString()), new("code_verifier", verifier)], cancellationToken);
    }

    async Task<IssuedToken> OnDeviceAsync(AuthenticationContext context, OAuth2Options options, Action<ConsentPrompt> show, CancellationToken cancellationToken)
    {
        var answer = await _endpoint.PostAsync(context, TokenEndpoint.AddressOf(context, options.DeviceUrl!), [.. TokenEndpoint.Target(context, options)], cancellationToken);
        if ((int)answer.Status != 200 || TokenEndpoint.ErrorOf(answer) is not null)
            throw TokenEndpoint.Refusal(context, answer);
        var page = JsonPick.Find(answer.Body, "$.verification_uri_complete") ?? JsonPick.Find(answer.Body, "$.verification_uri") ?? JsonPick.Find(answer.Body, "$.verification_url");
        if (JsonPick.Find(answer.Body, "$.device_code") is not { } device || JsonPick.Find(answer.Body, "$.user_code") is not { } user
            || !Uri.TryCreate(page, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw Fail("protocol-error", $"{answer.Display} gave no code for a device: expected device_code, user_code and verification_uri.");
        context.Secrets.Hide(device);
        var until = _time.GetUtcNow() + (Seconds(answer, "$.expires_in") ?? Patience);
        show(new(address, user, until));

        var interval = Seconds(answer, "$.interval") ?? DeviceInterval;
        var form = new KeyValuePair<string, string>[] { new("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), new("device_code", device) };
        while (true)
        {
            await Task.Delay(interval, _time, cancellationToken);
            if (_time.GetUtcNow() > until)
                throw Late();
            IssuerAnswer asked;
            try
            {
                asked = await _endpoint.PostAsync(context, TokenEndpoint.AddressOf(context, options.TokenUrl), [.. form], cancellationToken);
            }
            catch (StepFailedException away) when (away.Failure.IsTransient)
            {
                interval *= 2; // RFC 8628 §3.5
                continue;
            }

            switch (TokenEndpoint.ErrorOf(asked))
            {
                case "authorization_pending":
                    break;
                case "slow_down":
                    interval += DeviceInterval;
                    break;
                case "expired_token":
                    throw Late();
                case "access_denied":
                    throw Denied("access_denied");
                case null when (int)asked.Status is 408 or 429 or >= 500:
                    interval *= 2;
                    break;
                default:
                    return TokenEndpoint.Read(context, options, asked);
            }
        }
    }

    async Task<string> WithinAsync(Task<string> code, CancellationToken cancellationToken)
    {
        try
        {
            return await code.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Late();
        }
    }

    static TimeSpan? Seconds(IssuerAnswer answer, string path) =>
        double.TryParse(JsonPick.Find(answer.Body, path), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : null;

    static string Unguessable() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    static StepFailedException Late() => Fail("consent-missing", "Nobody consented in time: run the command again.");

    internal static StepFailedException Denied(string error) => Fail("forbidden", $"The consent was not given ({error}).");

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
