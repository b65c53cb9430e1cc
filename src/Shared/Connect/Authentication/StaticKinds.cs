using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>none</c>: no proof; for a request that needs none where its connection has one.</summary>
internal sealed class NoAuthentication : IAuthenticationKind
{
    public string Name => AuthenticationDefinition.None;

    public Type Options => typeof(NoOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>A key in a header, a query parameter or a cookie.</summary>
internal sealed record ApiKeyOptions : IValidatableObject
{
    /// <summary>Header that carries it.</summary>
    public string? Header { get; init; }

    /// <summary>Query parameter that carries it.</summary>
    public string? Query { get; init; }

    /// <summary>Cookie that carries it.</summary>
    public string? Cookie { get; init; }

    /// <summary>Word before the key in a header, with a space between them, such as <c>Token</c>; null for none.</summary>
    public string? Scheme { get; init; }

    /// <summary>Reference to the key.</summary>
    [Secret]
    public required string Value { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (new[] { Header, Query, Cookie }.Count(place => place is not null) != 1)
            yield return new("an API key needs exactly one of 'header', 'query' and 'cookie'.");
        if (Scheme is not null && Header is null)
            yield return new("a 'scheme' stands in a header: leave it out.", [nameof(Scheme)]);
    }
}

/// <summary><c>api-key</c>.</summary>
internal sealed class ApiKeyAuthentication : IAuthenticationKind
{
    public string Name => "api-key";

    public Type Options => typeof(ApiKeyOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<ApiKeyOptions>();
        var value = context.Secrets.Resolve(options.Value);
        if (options.Query is { } parameter)
            RequestParameter.Set(request, parameter, value);
        else if (options.Cookie is { } cookie)
            RequestCookie.Set(request, cookie, value);
        else
            RequestHeader.Set(request, options.Header!, options.Scheme is { } scheme ? $"{scheme} {value}" : value);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A fixed token.</summary>
internal sealed record BearerOptions
{
    /// <summary>Reference to the token.</summary>
    [Secret]
    public required string Value { get; init; }
}

/// <summary><c>bearer</c>: <c>Authorization: Bearer</c> with a fixed token (RFC 6750).</summary>
internal sealed class BearerAuthentication : IAuthenticationKind
{
    public string Name => "bearer";

    public Type Options => typeof(BearerOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        RequestHeader.Set(request, "Authorization", $"Bearer {context.Secrets.Resolve(context.Options<BearerOptions>().Value)}");
        return ValueTask.CompletedTask;
    }
}

/// <summary>User and password.</summary>
internal sealed record BasicOptions
{
    /// <summary>User name; may be a reference.</summary>
    [Required]
    public required string User { get; init; }

    /// <summary>Reference to the password; null for an empty one, where the user is the secret.</summary>
    [Secret]
    public string? Value { get; init; }
}

/// <summary><c>basic</c>: <c>Authorization: Basic</c> (RFC 7617).</summary>
internal sealed class BasicAuthentication : IAuthenticationKind
{
    public string Name => "basic";

    public Type Options => typeof(BasicOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", context.Secrets.ResolveBasic(context.Definition));
        return ValueTask.CompletedTask;
    }
}
