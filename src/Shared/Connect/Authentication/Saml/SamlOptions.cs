using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// A SAML 2.0 assertion about us: one that an identity provider issues (<see cref="IdpUrl"/>), or one that we make and sign ourselves
/// (<see cref="Key"/>).
/// </summary>
internal record SamlAssertionOptions : IValidatableObject
{
    /// <summary>Where the identity provider takes the log-in and answers with a <c>SAMLResponse</c>; may be a reference.</summary>
    public string? IdpUrl { get; init; }

    /// <summary>Body of the log-in, a form; <c>${NAME}</c> are escaped. Without it the provider is asked by GET.</summary>
    public string? Body { get; init; }

    /// <summary>User for <c>Authorization: Basic</c> at the provider; may be a reference.</summary>
    public string? User { get; init; }

    /// <summary>Reference to that user's password.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>The provider's certificate in PEM: file or reference. Only what it signed counts.</summary>
    public string? Certificate { get; init; }

    /// <summary>Reference to our RSA key in PEM, for an assertion of our own.</summary>
    [Secret]
    public string? Key { get; init; }

    /// <summary>Who issues the assertion.</summary>
    [Required]
    public required string Issuer { get; init; }

    /// <summary>Whom it is about; of an assertion of our own.</summary>
    public string? Subject { get; init; }

    /// <summary>Whom it is for; default the token endpoint or the service's address.</summary>
    public string? Audience { get; init; }

    /// <summary>Attributes of an assertion of our own.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>How long an assertion of our own is good; 1 min to 1 h, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the provider's clock may be off; up to 5 min, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IdpUrl is null == Key is null)
            yield return new("an assertion comes from 'idpUrl', or is signed with 'key': expected exactly one of them.");
        if (IdpUrl is not null && Certificate is null)
            yield return new("an assertion from 'idpUrl' is checked with the provider's 'certificate'.", [nameof(Certificate)]);
        if (Key is not null && Subject is null)
            yield return new("an assertion of our own needs a 'subject'.", [nameof(Subject)]);
        if (User is null != Password is null)
            yield return new("a log-in is 'user' and 'password'.");
    }
}

/// <summary>An assertion that is posted to a service, whose session cookie then proves who we are.</summary>
internal sealed record SamlOptions : SamlAssertionOptions
{
    /// <summary>The service's assertion consumer service; may be a reference.</summary>
    [Required]
    public required string AcsUrl { get; init; }

    /// <summary>How long a session is used before a new log-in; 1 min to 1 day, default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromMinutes(15);
}
