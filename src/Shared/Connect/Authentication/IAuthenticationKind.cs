using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>One way of proving who we are in HTTP requests, such as <c>oauth2</c>. Register it as a singleton <see cref="IAuthenticationKind"/>.</summary>
internal interface IAuthenticationKind
{
    /// <summary>Its name in a definition's <c>kind</c>.</summary>
    string Name { get; }

    /// <summary>Record that <see cref="AuthenticationDefinition.Options"/> are bound to; secrets in it carry <see cref="SecretAttribute"/>.</summary>
    Type Options { get; }

    /// <summary>Puts the proof into a request that goes to the source's own origin. The address, headers and body of the request are final but for that.</summary>
    ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken);

    /// <summary>Called after a 401: forgets what was cached for these credentials.</summary>
    /// <returns>Whether the same request may succeed now.</returns>
    ValueTask<bool> RenewAsync(AuthenticationContext context, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <summary>Called after a 400, 401 or 403, once a request: looks into the refusal for something that can be mended, such as a wrong clock.</summary>
    /// <returns>Whether the same request, authenticated anew, may succeed.</returns>
    ValueTask<bool> MendAsync(HttpResponseMessage answer, AuthenticationContext context, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}

/// <summary>Whose request is authenticated, and with what.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Definition">Kind and options, those of the template included.</param>
/// <param name="Secrets">Resolves and masks.</param>
internal sealed record AuthenticationContext(string Source, AuthenticationDefinition Definition, SourceSecrets Secrets)
{
    /// <summary>The options of the kind.</summary>
    public T Options<T>()
        where T : class => OptionsBinder.Bind<T>(Definition.Options);
}
