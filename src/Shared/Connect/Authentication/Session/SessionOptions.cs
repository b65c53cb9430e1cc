using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A log-in whose answer holds a token for the requests that follow.</summary>
internal sealed record SessionOptions : IValidatableObject
{
    /// <summary>Address of the log-in; may hold references.</summary>
    [Required]
    public required string Url { get; init; }

    /// <summary>Its method; default POST.</summary>
    [RegularExpression("GET|POST|PUT")]
    public string Method { get; init; } = "POST";

    /// <summary>Its body, with references that are escaped for <see cref="ContentType"/>.</summary>
    public string? Body { get; init; }

    /// <summary>Media type of the body; default <c>application/json</c>.</summary>
    [Required]
    public string ContentType { get; init; } = "application/json";

    /// <summary>Headers of the log-in; values may hold references.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>User for a log-in by Basic; may be a reference.</summary>
    public string? User { get; init; }

    /// <summary>Reference to that user's password.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>Where the token is in a JSON answer, such as <c>$.data.token</c> or <c>$.sessions[0].id</c>.</summary>
    public string? TokenPath { get; init; }

    /// <summary>Header of the answer that holds it.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>Cookie of the answer that holds it.</summary>
    public string? TokenCookie { get; init; }

    /// <summary>Header that carries it; default <c>Authorization</c> where neither <see cref="Cookie"/> nor <see cref="Query"/> is given.</summary>
    public string? Header { get; init; }

    /// <summary>Word before it in the header; default <c>Bearer</c> for <c>Authorization</c>, else none.</summary>
    public string? Scheme { get; init; }

    /// <summary>Cookie that carries it.</summary>
    public string? Cookie { get; init; }

    /// <summary>Query parameter that carries it.</summary>
    public string? Query { get; init; }

    /// <summary>How long a session lasts; default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Where the answer says how many seconds it lasts; it counts more than <see cref="Lifetime"/>.</summary>
    public string? LifetimePath { get; init; }

    /// <summary>Address to log out of a session that another one replaces before its end; sent as the requests are.</summary>
    public string? LogoutUrl { get; init; }

    /// <summary>Method of the log-out; default POST.</summary>
    [RegularExpression("GET|POST|DELETE")]
    public string LogoutMethod { get; init; } = "POST";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (new[] { TokenPath, TokenHeader, TokenCookie }.Count(place => place is not null) != 1)
            yield return new("a session's token is in exactly one of 'tokenPath', 'tokenHeader' and 'tokenCookie'.");
        if (new[] { Header, Cookie, Query }.Count(place => place is not null) > 1)
            yield return new("a session's token is sent in one of 'header', 'cookie' and 'query'.");
        if (User is null != Password is null)
            yield return new("a log-in by Basic needs 'user' and 'password'.");
        foreach (var (name, path) in new[] { (nameof(TokenPath), TokenPath), (nameof(LifetimePath), LifetimePath) })
        {
            if (path is not null && !JsonPick.IsPath(path))
                yield return new($"'{path}' is not a path: expected names and indexes such as $.data.token or $.sessions[0].id.", [name]);
        }
    }
}
