using Azure;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What an exception of the blob client means for a retry. Codes: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes.</summary>
internal static class AzureBlobFailures
{
    /// <summary>The failure that an exception stands for.</summary>
    public static StepFailedException Of(Exception fault, SourceSite site, string thing)
    {
        if (fault is AggregateException { InnerException: { } first })
            fault = first;
        if (fault is not RequestFailedException { Status: > 0 } said)
            return HttpStoreFailures.OfConnection((fault as RequestFailedException)?.InnerException ?? fault, site, thing);

        var (code, advice, transient) = (said.ErrorCode, said.Status) switch
        {
            ("ContainerNotFound", _) => ("not-found", "the container does not exist: check 'baseUrl'", false),
            ("BlobNotFound", _) => ("file-missing", "it is gone", false),
            ("ConditionNotMet", _) or (_, 412) => ("file-changed", "it was replaced after it was listed", false),
            ("InvalidRange", _) => ("file-changed", "it is shorter than it was when it was listed", false),
            ("BlobArchived", _) => ("file-archived", "it lies in the archive tier and has to be rehydrated first", false),
            ("AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation", _) or (_, 401) => ("unauthorized", "check the credentials that 'auth' refers to", false),
            (_, 403) => ("forbidden", "the identity needs the role 'Storage Blob Data Reader' on the container, and the network must let us in", false),
            ("ServerBusy", _) or (_, 429) => ("rate-limited", "the store asks for fewer requests", true),
            (_, 408 or 425 or 500 or 502 or 503 or 504) => ("source-unavailable", "the store has a fault of its own", true),
            (_, 404) => ("not-found", "it does not exist", false),
            (_, 409) => ("source-unavailable", "another operation on it is under way", true),
            _ => ("request-refused", "the store does not accept the request", false),
        };
        return site.Fail(code, $"{thing}: {said.Status} {said.ErrorCode}: {advice}", transient, said);
    }
}
