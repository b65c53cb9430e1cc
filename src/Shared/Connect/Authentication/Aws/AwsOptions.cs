using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Who we are to AWS, and what is signed for. Without keys they come from the environment: <c>AWS_ACCESS_KEY_ID</c> and so on.</summary>
internal sealed record AwsOptions : IValidatableObject
{
    /// <summary>Region such as <c>eu-central-1</c>; default <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Service name that is signed for, such as <c>execute-api</c> (the default), <c>s3</c>, <c>es</c>.</summary>
    public string Service { get; init; } = "execute-api";

    /// <summary>Public part of the key; may be a reference.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Reference to the secret part of the key.</summary>
    [Secret]
    public string? SecretAccessKey { get; init; }

    /// <summary>Reference to the token of temporary keys.</summary>
    [Secret]
    public string? SessionToken { get; init; }

    /// <summary>Role to take on; may be a reference.</summary>
    public string? RoleArn { get; init; }

    /// <summary>What the role's owner demands to be named; may be a reference.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Name of the session in the role owner's logs; default <c>data-ingestion</c>.</summary>
    [RegularExpression("[A-Za-z0-9_=,.@-]{2,64}")]
    public string RoleSessionName { get; init; } = "data-ingestion";

    /// <summary>How long a taken role lasts; 15 min to 12 h, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:15:00", "12:00:00")]
    public TimeSpan RoleDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>File with a token of another issuer, such as Kubernetes, that the role is taken on with; read anew each time.</summary>
    public string? WebIdentityTokenFile { get; init; }

    /// <summary>Where STS is; default the region's.</summary>
    public string? StsEndpoint { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AccessKeyId is null != SecretAccessKey is null)
            yield return new("a key is 'accessKeyId' and 'secretAccessKey'; without both, they come from the environment.");
        if (SessionToken is not null && AccessKeyId is null)
            yield return new("a 'sessionToken' belongs to an 'accessKeyId'.", [nameof(SessionToken)]);
        if (WebIdentityTokenFile is not null && RoleArn is null)
            yield return new("a 'webIdentityTokenFile' is for taking on a role: expected 'roleArn'.", [nameof(WebIdentityTokenFile)]);
        if (ExternalId is not null && (RoleArn is null || WebIdentityTokenFile is not null))
            yield return new("an 'externalId' is for taking on a role with keys: expected 'roleArn', and no 'webIdentityTokenFile'.", [nameof(ExternalId)]);
        if (StsEndpoint is { } sts && !sts.Contains("${", StringComparison.Ordinal) && (!Uri.TryCreate(sts, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")))
            yield return new($"'{sts}' is not an https address.", [nameof(StsEndpoint)]);
    }
}
