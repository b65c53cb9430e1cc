using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What an exception of the S3 client means for a retry. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.</summary>
internal static class S3Failures
{
    /// <summary>The failure that an exception stands for.</summary>
    public static StepFailedException Of(Exception fault, SourceSite site, string bucket, string? key)
    {
        var thing = key is null ? $"the bucket '{bucket}'" : $"the object '{key}' of the bucket '{bucket}'";
        return fault switch
        {
            AmazonS3Exception said => OfAnswer(said, site, thing),
            AmazonServiceException { InnerException: StepFailedException guarded } => guarded,
            _ => HttpStoreFailures.OfConnection(fault, site, thing),
        };
    }

    static StepFailedException OfAnswer(AmazonS3Exception said, SourceSite site, string thing)
    {
        var (code, advice, transient) = (said.ErrorCode, (int)said.StatusCode) switch
        {
            ("NoSuchBucket", _) => ("not-found", "it does not exist: check 'baseUrl' and 'endpoint'", false),
            ("NoSuchKey" or "NoSuchVersion", _) => ("file-missing", "it is gone", false),
            ("PreconditionFailed", _) or (_, 412) => ("file-changed", "it was replaced after it was listed", false),
            ("InvalidRange", _) => ("file-changed", "it is shorter than it was when it was listed", false),
            ("InvalidObjectState", _) => ("file-archived", "it lies in an archive class and has to be restored first", false),
            ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired", _) or (_, 401) =>
                ("unauthorized", "check the credentials that 'auth' refers to", false),
            ("RequestTimeTooSkewed", _) => ("clock-skew", "this machine's clock differs from the store's by more than 15 minutes: set it right", true),
            ("AuthorizationHeaderMalformed" or "PermanentRedirect" or "TemporaryRedirect" or "IllegalLocationConstraintException", _) or (_, 301 or 307) =>
                ("configuration-invalid", "it is in another region: set 'region'", false),
            ("AccessDenied" or "AllAccessDisabled", _) or (_, 403) => ("forbidden", "the credentials are known but not allowed to do this (s3:ListBucket, s3:GetObject)", false),
            ("SlowDown" or "RequestLimitExceeded" or "Throttling", _) or (_, 429) => ("rate-limited", "the store asks for fewer requests", true),
            ("RequestTimeout", _) or (_, 408 or 425 or 500 or 502 or 503 or 504) => ("source-unavailable", "the store has a fault of its own", true),
            (_, 404) => ("not-found", "it does not exist", false),
            (_, 409) => ("source-unavailable", "another operation on it is under way", true),
            _ => ("request-refused", "the store does not accept the request", false),
        };
        return site.Fail(code, $"{thing}: {(int)said.StatusCode} {said.ErrorCode}: {advice} ({said.Message})", transient, said);
    }
}
