using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>aws</c>: AWS Signature Version 4.</summary>
internal sealed class AwsAuthentication(IAwsCredentials credentials, SourceClocks clocks) : IAuthenticationKind
{
    // AWS refuses from five minutes on; what is nearer is no reason to sign anew.
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);

    public string Name => "aws";

    public Type Options => typeof(AwsOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var keys = await credentials.GetAsync(context, cancellationToken);
        await SigV4.SignAsync(
            request, keys, credentials.RegionOf(context), context.Options<AwsOptions>().Service, clocks.NowAt(request.RequestUri!), cancellationToken: cancellationToken);
    }

    public async ValueTask<bool> MendAsync(HttpResponseMessage answer, AuthenticationContext context, CancellationToken cancellationToken)
    {
        if (clocks.Learn(answer, Tolerance))
            return true;
        if (!await SaysExpiredAsync(answer, cancellationToken))
            return false;
        credentials.Forget(context);
        return true;
    }

    static async Task<bool> SaysExpiredAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        (answer.Headers.TryGetValues("x-amzn-ErrorType", out var types) && types.Any(t => t.Contains("ExpiredToken", StringComparison.Ordinal)))
        || (await RefusedBody.ReadAsync(answer, cancellationToken)).Contains("ExpiredToken", StringComparison.Ordinal);
}
