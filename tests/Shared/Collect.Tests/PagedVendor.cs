using System.Globalization;
using DataIngestion.Contracts;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>A vendor with the records 1 to n that turns pages in any of the known ways.</summary>
internal static class PagedVendor
{
    /// <summary>The definition that fits.</summary>
    public static SourceDatasetDefinition Dataset(string way, int size)
    {
        var pagination = new PaginationDefinition { Kind = PaginationKind.Page, SizeParameter = "size", Size = size };
        return new()
        {
            Dataset = "bars",
            Request = new() { Path = "/rows" },
            Format = new() { Format = "json", RecordPath = "rows[*]" },
            Pagination = way switch
            {
                "page" => pagination with { Parameter = "page" },
                "offset" => pagination with { Kind = PaginationKind.Offset, Parameter = "offset" },
                "cursor" => pagination with { Kind = PaginationKind.Cursor, Parameter = "token", NextPath = "next" },
                "header" => pagination with { Kind = PaginationKind.Header, Parameter = "token", Header = "X-Next-Token" },
                "link" => pagination with { Kind = PaginationKind.Link },
                "seek" => pagination with { Kind = PaginationKind.Seek, Parameter = "after", Field = "id" },
                "seek-inclusive" => pagination with { Kind = PaginationKind.Seek, Parameter = "from", Field = "id" },
                _ => pagination with { Kind = PaginationKind.Url, NextPath = "next" },
            },
        };
    }

    /// <summary>Answers a request with pages of at most a size.</summary>
    public static Task AnswerAsync(HttpContext context, string way, int size, int records) => AnswerAsync(context, way, size, [.. Enumerable.Range(1, records)]);

    /// <summary>Answers a request with pages of the records with these ids.</summary>
    /// <param name="context">Asks.</param>
    /// <param name="way">How pages are turned.</param>
    /// <param name="size">Records a page at most.</param>
    /// <param name="ids">The records.</param>
    /// <param name="total">How many there are said to be; null tells the truth.</param>
    /// <param name="record">What a record looks like.</param>
    public static Task AnswerAsync(HttpContext context, string way, int size, IReadOnlyList<int> ids, int? total = null, Func<int, string>? record = null)
    {
        size = Math.Min(size, Number("size") ?? size);
        var start = way switch
        {
            "page" => ((Number("page") ?? 1) - 1) * size,
            "offset" => Number("offset") ?? 0,
            "seek" => ids.TakeWhile(id => id <= (Number("after") ?? 0)).Count(),
            "seek-inclusive" => ids.TakeWhile(id => id < (Number("from") ?? 0)).Count(),
            _ => Number("token") ?? 0,
        };
        var rows = string.Join(',', ids.Skip(start).Take(size).Select(id => record?.Invoke(id) ?? $$"""{"id":{{id}}}"""));
        var query = QueryString.Create(context.Request.Query.Where(q => q.Key != "token")).Add("token", $"{start + size}");
        var next = "null";
        if (start + size < ids.Count)
        {
            switch (way)
            {
                case "cursor":
                    next = $"\"{start + size}\"";
                    break;
                case "header":
                    context.Response.Headers["X-Next-Token"] = $"{start + size}";
                    break;
                case "link":
                    context.Response.Headers.Link = $"</rows{query}>; rel=\"next\"";
                    break;
                case "url-absolute":
                    next = $"\"{context.Request.Scheme}://{context.Request.Host}/rows{query}\"";
                    break;
                case "url-path":
                    next = $"\"/rows{query}\"";
                    break;
                case "url-query":
                    next = $"\"{query}\"";
                    break;
            }
        }

        return context.Response.WriteAsync($$"""{"total":{{total ?? ids.Count}},"rows":[{{rows}}],"next":{{next}}}""");

        int? Number(string name) => int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
