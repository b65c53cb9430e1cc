using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Conditional requests (RFC 9110, 13): a source need not send again what the previous run landed.</summary>
internal static class Validators
{
    /// <summary>The request with the validators of an earlier answer, if that was the answer to this very request.</summary>
    public static SourceRequest AddTo(SourceRequest request, IReadOnlyDictionary<string, KnownAnswer> answers)
    {
        if (request.Method != "GET" || !answers.TryGetValue(request.Name, out var known))
            return request;
        var headers = new Dictionary<string, string>(request.Headers);
        if (known.ETag is { } tag)
            headers["If-None-Match"] = tag;
        if (known.LastModified is { } modified)
            headers["If-Modified-Since"] = modified;
        return request with { Headers = headers };
    }

    /// <summary>What is known of the answers of a run.</summary>
    public static IReadOnlyDictionary<string, KnownAnswer> Of(LandingManifest? previous) => Of((previous?.Artefacts ?? []).Concat(previous?.Passed ?? []).Select(a => KnownAnswer.Of(a.Name, a.Headers)));

    /// <summary>Answers by what was asked; of two the first.</summary>
    public static IReadOnlyDictionary<string, KnownAnswer> Of(IEnumerable<KnownAnswer?> answers) => answers.OfType<KnownAnswer>().DistinctBy(a => a.Name).ToDictionary(a => a.Name, StringComparer.Ordinal);

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
