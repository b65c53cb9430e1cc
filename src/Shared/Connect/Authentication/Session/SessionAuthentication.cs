using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>session</c>: a token from a log-in, shared by the fleet, had anew before it ends and when the source refuses it.</summary>
internal sealed class SessionAuthentication(TokenCache tokens, IssuerHttp http) : IAuthenticationKind
{
    public string Name => "session";

    public Type Options => typeof(SessionOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var key = TokenCache.KeyOf(Name, context.Definition.Options);
        var token = await tokens.GetAsync(new(key, Name, context.Source, (kept, stop) => LogInAsync(context, kept, stop)), cancellationToken);
        context.Secrets.Hide(token);
        Put(request, context.Options<SessionOptions>(), token);
    }

    public ValueTask<bool> RenewAsync(AuthenticationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tokens.Reject(TokenCache.KeyOf(Name, context.Definition.Options)));

    async Task<IssuedToken> LogInAsync(AuthenticationContext context, Token? kept, CancellationToken cancellationToken)
    {
        var options = context.Options<SessionOptions>();
        var answer = await AskAsync(context, options, cancellationToken);
        if ((int)answer.Status is 401 or 403 && await context.Secrets.RefreshAsync(cancellationToken)) // a password that was changed while we held it
            answer = await AskAsync(context, options, cancellationToken);
        var token = Read(context, options, answer);
        if (options.LogoutUrl is not null && kept is { Value.Length: > 0 } old && old.Value != token.Value)
            await LogOutAsync(context, options, old.Value, cancellationToken);
        return token;
    }

    async Task<IssuerAnswer> AskAsync(AuthenticationContext context, SessionOptions options, CancellationToken cancellationToken)
    {
        var secrets = context.Secrets;
        using var request = new HttpRequestMessage(new(options.Method), TokenEndpoint.AddressOf(context, options.Url));
        if (options.Body is { } body)
        {
            var syntax = BodySyntaxes.Of(options.ContentType);
            request.Content = new StringContent(secrets.Resolve(body, value => syntax.Escape(value)), Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(options.ContentType);
        }

        foreach (var (name, value) in options.Headers)
            RequestHeader.Set(request, name, secrets.Resolve(value));
        if (options.User is { } user)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secrets.Resolve(user)}:{secrets.Resolve(options.Password!)}"));
            secrets.Hide(basic);
            request.Headers.Authorization = new("Basic", basic);
        }

        return await http.SendAsync(request, secrets, cancellationToken);
    }

    static IssuedToken Read(AuthenticationContext context, SessionOptions options, IssuerAnswer answer)
    {
        var status = (int)answer.Status;
        if (status is < 200 or >= 300)
        {
            var (code, transient, advice) = status switch
            {
                429 => ("rate-limited", true, "it was asked too often"),
                408 or >= 500 => ("source-unavailable", true, "it has a fault of its own"),
                400 or 401 or 403 => ("unauthorized", false, "check the user and password that 'auth' refers to"),
                404 => ("not-found", false, "check 'url'"),
                _ => ("protocol-error", false, "expected a token"),
            };
            throw Fail(code, $"The log-in at {answer.Display} answered {status}: {advice}.", transient, answer.RetryNotBefore);
        }

        var token = options switch
        {
            { TokenPath: { } path } => JsonPick.Find(answer.Body, path),
            { TokenHeader: { } header } => answer.Message.Headers.NonValidated.TryGetValues(header, out var values) || answer.Message.Content.Headers.NonValidated.TryGetValues(header, out values) ? values.ToString() : null,
            _ => Cookie(answer.Message, options.TokenCookie!),
        };
        if (token is not { Length: > 0 })
            throw Fail("protocol-error", $"The log-in at {answer.Display} answered {status}, but with no token at {options.TokenPath ?? options.TokenHeader ?? options.TokenCookie}: check where the token is, or whether this answer means that we were not let in.");
        context.Secrets.Hide(token);
        var seconds = options.LifetimePath is { } where && double.TryParse(JsonPick.Find(answer.Body, where), CultureInfo.InvariantCulture, out var said) && said is > 0 and < 10e8 ? said : (double?)null;
        return new(token, seconds is { } given ? TimeSpan.FromSeconds(given) : options.Lifetime);
    }

    // Vendors count sessions; that one was not ended is no reason to stop.
    async Task LogOutAsync(AuthenticationContext context, SessionOptions options, string token, CancellationToken cancellationToken)
    {
        try
        {
            context.Secrets.Hide(token);
            using var request = new HttpRequestMessage(new(options.LogoutMethod), TokenEndpoint.AddressOf(context, options.LogoutUrl!));
            Put(request, options, token);
            await http.SendAsync(request, context.Secrets, cancellationToken);
        }
        catch (StepFailedException)
        {
            // It ends by itself.
        }
    }

    static void Put(HttpRequestMessage request, SessionOptions options, string token)
    {
        if (options.Cookie is { } cookie)
        {
            RequestCookie.Set(request, cookie, token);
        }
        else if (options.Query is { } parameter)
        {
            RequestParameter.Set(request, parameter, token);
        }
        else
        {
            var header = options.Header ?? "Authorization";
            var scheme = options.Scheme ?? (header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "Bearer" : "");
            RequestHeader.Set(request, header, scheme.Length == 0 ? token : $"{scheme} {token}");
        }
    }

    static string? Cookie(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
            .Select(c => c.Split(';', 2)[0].Split('=', 2)).LastOrDefault(c => c.Length == 2 && c[0].Trim() == name)?[1].Trim().Trim('"');

    static StepFailedException Fail(string code, string message, bool isTransient = false, DateTimeOffset? notBefore = null) =>
        new(new() { Code = code, Message = message, IsTransient = isTransient, RetryNotBefore = isTransient ? notBefore : null });
}
