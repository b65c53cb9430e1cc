using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Conditional requests (RFC 9110, 13): a source need not send again what the previous run landed.</summary>
internal static class Validators
{
    /// <summary>The request with the validators of the previous run's answer, if that was the answer to this very request.</summary>
    public static SourceRequest AddTo(SourceRequest request, LandingManifest? previous)
    {
        var landed = previous?.Artefacts.Concat(previous.Passed).FirstOrDefault(a => a.Name == request.Name);
        if (landed is null || request.Method != "GET")
            return request;
        var headers = new Dictionary<string, string>(request.Headers);
        if (landed.Headers.TryGetValue("ETag", out var tag))
            headers["If-None-Match"] = tag;
        if (landed.Headers.TryGetValue("Last-Modified", out var modified))
            headers["If-Modified-Since"] = modified;
        return request with { Headers = headers };
    }

    /// <summary>What stands for a cursor where there is none, so that the next run finds the previous run's answer; null when the source gave no validator.</summary>
    public static string? CursorOf(SourceDatasetDefinition dataset, IReadOnlyList<LandedPage> pages)
    {
        if (dataset.Pagination is not null || pages is not [{ Artefact.Headers: var headers }])
            return null;
        return headers.TryGetValue("ETag", out var tag) ? $"etag:{tag}"
            : headers.TryGetValue("Last-Modified", out var modified) ? $"modified:{modified}"
            : null;
    }
}
