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
    public static Task AnswerAsync(HttpContext context, string way, int size, int records) =>
        AnswerAsync(context, way, size, [.. Enumerable.Range(1, records).Select(i => $$"""{"id":{{i}}}""")]);

    /// <summary>Answers a request with pages of these records, whose ids count from 1.</summary>
    public static Task AnswerAsync(HttpContext context, string way, int size, IReadOnlyList<string> records)
    {
        size = Math.Min(size, Number("size") ?? size);
        var start = way switch
        {
            "page" => ((Number("page") ?? 1) - 1) * size,
            "offset" => Number("offset") ?? 0,
            "seek" => Number("after") ?? 0,
            "seek-inclusive" => (Number("from") ?? 1) - 1,
            _ => Number("token") ?? 0,
        };
        var rows = string.Join(',', records.Skip(start).Take(size));
        var isLast = start + size >= records.Count;
        var next = "null";
        switch (way)
        {
            case "cursor" when !isLast:
                next = $"\"{start + size}\"";
                break;
            case "header" when !isLast:
                context.Response.Headers["X-Next-Token"] = $"{start + size}";
                break;
            case "link" when !isLast:
                context.Response.Headers.Link = $"</rows?size={size}&token={start + size}>; rel=\"next\"";
                break;
            case "url-absolute" when !isLast:
                next = $"\"{context.Request.Scheme}://{context.Request.Host}/rows?size={size}&token={start + size}\"";
                break;
            case "url-path" when !isLast:
                next = $"\"/rows?size={size}&token={start + size}\"";
                break;
            case "url-query" when !isLast:
                next = $"\"?size={size}&token={start + size}\"";
                break;
        }

        return context.Response.WriteAsync($$"""{"total":{{records.Count}},"rows":[{{rows}}],"next":{{next}}}""");

        int? Number(string name) => int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
