using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Fills a configured request with a collection's cursor and window.</summary>
internal static class RequestTemplate
{
    /// <summary>The first request of a collection.</summary>
    /// <param name="dataset">Its request, cursor and pagination.</param>
    /// <param name="from">Value for <c>{cursor}</c>, <c>{from}</c> and the cursor's parameter; null leaves parameters that need it out.</param>
    /// <param name="to">Value for <c>{to}</c>.</param>
    public static SourceRequest Fill(SourceDatasetDefinition dataset, string? from, string to)
    {
        var request = dataset.Request!;
        var query = request.Query
            .Where(q => from is not null || !NeedsFrom(q.Value))
            .Select(q => KeyValuePair.Create(q.Key, Replace(q.Value, from, to)))
            .ToList();
        if (dataset.Cursor is { Parameter: { } parameterOfCursor } && from is not null && !request.Query.ContainsKey(parameterOfCursor))
            query.Add(new(parameterOfCursor, from));
        if (dataset.Pagination is { SizeParameter: { Length: > 0 } parameter, Size: { } size })
            query.Add(new(parameter, size.ToString()));
        return new()
        {
            Method = request.Method,
            Path = Replace(request.Path, Escape(from), Escape(to)),
            Query = query,
            Headers = request.Headers.Where(h => from is not null || !NeedsFrom(h.Value)).ToDictionary(h => h.Key, h => Replace(h.Value, from, to)),
            Body = request.Body is { } body ? Replace(body, from, to) : null,
        };
    }

    /// <summary>The request with one query parameter set, where it stood or at the end.</summary>
    public static SourceRequest With(this SourceRequest request, string parameter, string value)
    {
        var query = request.Query.ToList();
        var at = query.FindIndex(q => q.Key == parameter);
        if (at < 0)
            query.Add(new(parameter, value));
        else
            query[at] = new(parameter, value);
        return request with { Query = query };
    }

    static bool NeedsFrom(string text) => text.Contains("{cursor}", StringComparison.Ordinal) || text.Contains("{from}", StringComparison.Ordinal);

    static string Replace(string text, string? from, string? to) => text
        .Replace("{cursor}", from ?? "", StringComparison.Ordinal)
        .Replace("{from}", from ?? "", StringComparison.Ordinal)
        .Replace("{to}", to ?? "", StringComparison.Ordinal);

    static string? Escape(string? text) => text is null ? null : Uri.EscapeDataString(text);
}
