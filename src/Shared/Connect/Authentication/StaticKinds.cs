using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A key in a header or a query parameter.</summary>
internal sealed record ApiKeyOptions : IValidatableObject
{
    /// <summary>Header that carries it.</summary>
    public string? Header { get; init; }

    /// <summary>Query parameter that carries it.</summary>
    public string? Query { get; init; }

    /// <summary>Reference to the key.</summary>
    [Secret]
    public required string Value { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Header is null == Query is null)
            yield return new("an API key needs exactly one of 'header' and 'query'.");
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
            request.RequestUri = WithKey(request.RequestUri!, parameter, value);
        else
            RequestHeader.Set(request, options.Header!, value);
        return ValueTask.CompletedTask;
    }

    static Uri WithKey(Uri address, string parameter, string value)
    {
        var name = Uri.EscapeDataString(parameter);
        var others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !string.Equals(part.Split('=', 2)[0], name, StringComparison.OrdinalIgnoreCase));
        return new($"{address.GetLeftPart(UriPartial.Path)}?{string.Join('&', [.. others, $"{name}={Uri.EscapeDataString(value)}"])}");
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

    /// <summary>Reference to the password.</summary>
    [Secret]
    public required string Value { get; init; }
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
