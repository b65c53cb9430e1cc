using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Keys from options or the environment; roles from STS, kept until shortly before they end.</summary>
internal sealed class AwsCredentialSource(Sts sts, IConfiguration settings, TimeProvider time) : IAwsCredentials
{
    // Renewed this long before the end; while that fails, what there is goes on being used.
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    const int MostKept = 1000;

    readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    public string RegionOf(AuthenticationContext context) =>
        Option(context, context.Options<AwsOptions>().Region) ?? Setting("AWS_REGION") ?? Setting("AWS_DEFAULT_REGION")
        ?? throw Missing("a region: set 'region', or AWS_REGION in the environment");

    public async ValueTask<AwsCredentials> GetAsync(AuthenticationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = context.Options<AwsOptions>();
        var credentials = RoleOf(context, options) is { } role ? await TakeOnAsync(role, context, cancellationToken) : KeysOf(context, options);
        context.Secrets.Hide(credentials.SecretAccessKey);
        if (credentials.SessionToken is { } token)
            context.Secrets.Hide(token);
        return credentials;
    }

    public void Forget(AuthenticationContext context)
    {
        if (RoleOf(context, context.Options<AwsOptions>()) is { } role && _kept.TryGetValue(role.Key, out var kept))
            kept.Credentials = null;
    }

    async Task<AwsCredentials> TakeOnAsync(AwsRole role, AuthenticationContext context, CancellationToken cancellationToken)
    {
        Trim();
        var kept = _kept.GetOrAdd(role.Key, _ => new());
        if (kept.Credentials is { } ready && ready.ExpiresAt - time.GetUtcNow() > Ahead)
            return ready;
        await kept.Turn.WaitAsync(cancellationToken);
        try
        {
            if (kept.Credentials is { } renewed && renewed.ExpiresAt - time.GetUtcNow() > Ahead)
                return renewed;
            return kept.Credentials = await sts.TakeOnAsync(role, context, cancellationToken);
        }
        catch (StepFailedException failed) when (failed.Failure.IsTransient && kept.Credentials is { } old && old.ExpiresAt > time.GetUtcNow())
        {
            return old;
        }
        finally
        {
            kept.Turn.Release();
        }
    }

    AwsRole? RoleOf(AuthenticationContext context, AwsOptions options)
    {
        var (arn, file) = (Option(context, options.RoleArn), Option(context, options.WebIdentityTokenFile));
        var keys = file is null && options.AccessKeyId is not null ? KeysOf(context, options) : null;
        if (arn is null && options.AccessKeyId is null && Setting("AWS_ACCESS_KEY_ID") is null)
            (arn, file) = (Setting("AWS_ROLE_ARN"), Setting("AWS_WEB_IDENTITY_TOKEN_FILE"));
        if (arn is null)
            return null;

        if (file is null)
            keys ??= KeysOf(context, options);
        var region = RegionOf(context);
        var endpoint = Option(context, options.StsEndpoint) ?? $"https://sts.{region}.amazonaws.com/";
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw Missing("an https address in 'stsEndpoint'");
        return new(address, region, arn, options.RoleSessionName, options.RoleDuration, Option(context, options.ExternalId), keys, file);
    }

    AwsCredentials KeysOf(AuthenticationContext context, AwsOptions options) => options.AccessKeyId is not null
        ? new(Option(context, options.AccessKeyId)!, Option(context, options.SecretAccessKey)!, Option(context, options.SessionToken))
        : new(
            Setting("AWS_ACCESS_KEY_ID") ?? throw Missing("keys: set 'accessKeyId' and 'secretAccessKey', or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"),
            Setting("AWS_SECRET_ACCESS_KEY") ?? throw Missing("AWS_SECRET_ACCESS_KEY in the environment"),
            Setting("AWS_SESSION_TOKEN"));

    void Trim()
    {
        if (_kept.Count < MostKept)
            return;
        foreach (var (key, kept) in _kept)
        {
            if (kept.Credentials?.ExpiresAt < time.GetUtcNow())
                _kept.TryRemove(key, out _);
        }
    }

    static string? Option(AuthenticationContext context, string? text) => text is null ? null : context.Secrets.Resolve(text);

    string? Setting(string name) => settings[name] is { Length: > 0 } value ? value : null;

    static StepFailedException Missing(string what) => new(new() { Code = "setting-missing", Message = $"The authentication 'aws' needs {what}." });

    sealed class Kept
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public AwsCredentials? Credentials { get; set; }
    }
}

/// <summary>A role to take on, and with what: keys, or a file with another issuer's token.</summary>
internal sealed record AwsRole(Uri Endpoint, string Region, string Arn, string Session, TimeSpan Duration, string? ExternalId, AwsCredentials? Keys, string? TokenFile)
{
    /// <summary>What credentials are kept under: a hash, because secrets are in it. Keys that were rotated are others.</summary>
    public string Key { get; } = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', Endpoint, Region, Arn, Session, Duration, ExternalId, Keys?.AccessKeyId, Keys?.SecretAccessKey, Keys?.SessionToken, TokenFile))));
}
