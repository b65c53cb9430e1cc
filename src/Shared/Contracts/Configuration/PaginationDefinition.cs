using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>How answers are split into pages.</summary>
public enum PaginationKind
{
    /// <summary>A page number, counted up until a page has no records or fewer than its size.</summary>
    Page,

    /// <summary>The number of records before the page, counted up until a page has no records or fewer than its size.</summary>
    Offset,

    /// <summary>A token in the body names the next page; its absence ends.</summary>
    Cursor,

    /// <summary>A token in a response header names the next page; its absence ends.</summary>
    Header,

    /// <summary><c>Link: …; rel="next"</c> (RFC 8288); its absence ends.</summary>
    Link,

    /// <summary>The address of the next page stands in the body, whole or as a path; its absence ends.</summary>
    Url,

    /// <summary>A field of the page's last record is where the next page goes on (by key); a page without a further record ends.</summary>
    Seek,
}

/// <summary>How answers are split into pages.</summary>
public sealed record PaginationDefinition : IValidatableObject
{
    /// <summary>The way.</summary>
    public required PaginationKind Kind { get; init; }

    /// <summary>Query parameter that carries the page's number, offset, token or key; null where the request has <c>{page}</c>.</summary>
    public string? Parameter { get; init; }

    /// <summary>Number of the first page; default 1. Not for offsets, which begin at 0.</summary>
    [Range(0, 1)]
    public int FirstPage { get; init; } = 1;

    /// <summary>Query parameter that carries the page size.</summary>
    public string? SizeParameter { get; init; }

    /// <summary>
    /// Records a page; a page with fewer is the last. 1 to 1,000,000; null when the source decides. With tokens that is so only without a
    /// <see cref="SizeParameter"/>, for sources that send a token always; else their absence ends.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Size { get; init; }

    /// <summary>Where the next page's token or address lies in a JSON body, as property names separated by dots.</summary>
    public string? NextPath { get; init; }

    /// <summary>Where a JSON body says whether there is a next page (<c>has_more</c>): false, 0 and absence end, whatever token there is.</summary>
    public string? MorePath { get; init; }

    /// <summary>
    /// Where a JSON body says how many records all pages have together. Pages are turned until they end by themselves; a total that
    /// differs from what came is reported.
    /// </summary>
    public string? TotalPath { get; init; }

    /// <summary>Response header that holds the next page's token.</summary>
    public string? Header { get; init; }

    /// <summary>Field of a record by which pages go on (seek).</summary>
    public string? Field { get; init; }

    /// <summary>Pages after which a collection fails rather than going on for ever; default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxPages { get; init; } = 100_000;

    /// <summary>Pages in a row without a record, yet with a next one, after which a collection fails; default 20.</summary>
    [Range(1, 100_000)]
    public int MaxEmptyPages { get; init; } = 20;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind is PaginationKind.Cursor or PaginationKind.Url && string.IsNullOrEmpty(NextPath))
            yield return new($"pagination by {Kind.ToString().ToLowerInvariant()} needs a 'nextPath'.", [nameof(NextPath)]);
        if (Kind is PaginationKind.Header && string.IsNullOrEmpty(Header))
            yield return new("pagination by header needs the 'header' that holds the next page's token.", [nameof(Header)]);
        if (Kind is PaginationKind.Seek && string.IsNullOrEmpty(Field))
            yield return new("pagination by seek needs the 'field' of a record by which it goes on.", [nameof(Field)]);
        if (Kind is PaginationKind.Offset && Size is null)
            yield return new("pagination by offset needs a 'size'.", [nameof(Size)]);
    }
}
