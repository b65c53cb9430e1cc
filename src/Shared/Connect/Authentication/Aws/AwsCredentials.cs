using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Keys that requests to AWS, and to systems that sign like it, are signed with.</summary>
/// <param name="AccessKeyId">Public part.</param>
/// <param name="SecretAccessKey">Secret part.</param>
/// <param name="SessionToken">Sent along with temporary keys; null with lasting ones.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>When temporary keys end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Names the key only: the rest must not get into a text by accident.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>Gives the AWS credentials of a source, for systems that sign requests themselves.</summary>
internal interface IAwsCredentials
{
    /// <summary>The credentials that the authentication <c>aws</c> describes; temporary ones are kept until shortly before they end.</summary>
    /// <exception cref="StepFailedException">There are none, or STS refuses.</exception>
    ValueTask<AwsCredentials> GetAsync(AuthenticationContext context, CancellationToken cancellationToken);

    /// <summary>Forgets temporary credentials that the source called expired.</summary>
    void Forget(AuthenticationContext context);

    /// <summary>The region of the options, or of the environment.</summary>
    /// <exception cref="StepFailedException">There is none.</exception>
    string RegionOf(AuthenticationContext context);
}
