using Amazon.Runtime;

namespace DataIngestion.Connect;

/// <summary>The credentials of <c>auth: { kind: aws }</c> as the SDK asks for them: before every request, so that roles are renewed.</summary>
internal sealed class S3Credentials(IAwsCredentials credentials, AuthenticationContext context) : AWSCredentials
{
    // The SDK asks this way too, outside any synchronization context; what it gets is nearly always at hand.
    public override ImmutableCredentials GetCredentials() => Task.Run(GetCredentialsAsync).GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var found = await credentials.GetAsync(context, CancellationToken.None);
        return new(found.AccessKeyId, found.SecretAccessKey, found.SessionToken);
    }
}
