using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>One HTTP request. Text values may hold <c>${NAME}</c> references to settings and <c>{cursor}</c>, <c>{from}</c>, <c>{to}</c>.</summary>
public sealed record RequestDefinition
{
    /// <summary>Path below the connection's base address, e.g. <c>/v1/bars</c>.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>GET or POST; default GET.</summary>
    [RegularExpression("GET|POST")]
    public string Method { get; init; } = "GET";

    /// <summary>Query parameters.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers of this request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Body of a POST, sent as <c>application/json</c>.</summary>
    public string? Body { get; init; }

    /// <summary>For streams: how long one window lasts; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For streams: records after which a window closes early; default 100,000.</summary>
    [Range(1, 100_000_000)]
    public long WindowRecords { get; init; } = 100_000;

    /// <summary>For streams: windows after which a run ends; 0 means never. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int MaxWindows { get; init; }
}

/// <summary>How answers are split into pages.</summary>
public enum PaginationKind
{
    /// <summary>A page number in a query parameter, counted up until a page has no records.</summary>
    Page,

    /// <summary>A token in the body names the next page; its absence ends.</summary>
    Cursor,

    /// <summary><c>Link: …; rel="next"</c> (RFC 8288); its absence ends.</summary>
    Link,
}

/// <summary>How answers are split into pages.</summary>
public sealed record PaginationDefinition : IValidatableObject
{
    /// <summary>The way.</summary>
    public required PaginationKind Kind { get; init; }

    /// <summary>Query parameter that carries the page number or token.</summary>
    public string? Parameter { get; init; }

    /// <summary>Number of the first page; default 1.</summary>
    [Range(0, 1)]
    public int FirstPage { get; init; } = 1;

    /// <summary>Query parameter that carries the page size.</summary>
    public string? SizeParameter { get; init; }

    /// <summary>Records a page; a page with fewer is the last. 1 to 1,000,000; null when the source decides.</summary>
    [Range(1, 1_000_000)]
    public int? Size { get; init; }

    /// <summary>Where the next page's token lies in a JSON body, as property names separated by dots.</summary>
    public string? NextPath { get; init; }

    /// <summary>Pages after which a collection fails rather than going on for ever; default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxPages { get; init; } = 100_000;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind is PaginationKind.Page or PaginationKind.Cursor && string.IsNullOrEmpty(Parameter))
            yield return new("this kind of pagination needs a 'parameter'.", [nameof(Parameter)]);
        if (Kind is PaginationKind.Cursor && string.IsNullOrEmpty(NextPath))
            yield return new("pagination by cursor needs a 'nextPath'.", [nameof(NextPath)]);
    }
}

/// <summary>What a cursor's values are, which decides how they are compared and moved back by the overlap.</summary>
public enum CursorType
{
    /// <summary>Days, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Instants, ISO 8601.</summary>
    Timestamp,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Opaque text in the source's order.</summary>
    Text,
}

/// <summary>How later runs fetch only what is new.</summary>
public sealed record CursorDefinition : IValidatableObject
{
    /// <summary>Field of a record that holds the cursor's value.</summary>
    [Required]
    public required string Field { get; init; }

    /// <summary>What its values are.</summary>
    public required CursorType Type { get; init; }

    /// <summary>Query parameter that asks for records from a value on; for sources asked by HTTP.</summary>
    public string? Parameter { get; init; }

    /// <summary>Value for the first run; null leaves the parameter out.</summary>
    public string? Start { get; init; }

    /// <summary>How far each run goes back behind the cursor, for records that come late: days, time or count according to the type (<c>2d</c>, <c>30m</c>, <c>100</c>); default none.</summary>
    public string? Overlap { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Overlap is null)
            yield break;
        var expected = Type switch
        {
            CursorType.Date when !Duration.TryParse(Overlap, out var days) || days < TimeSpan.Zero || days.Ticks % TimeSpan.TicksPerDay != 0 => "whole days such as 2d",
            CursorType.Timestamp when !Duration.TryParse(Overlap, out var time) || time < TimeSpan.Zero => Duration.Rule,
            CursorType.Integer when !ulong.TryParse(Overlap, NumberStyles.None, CultureInfo.InvariantCulture, out _) => "a count such as 100",
            CursorType.Text => "none, because text has no distance",
            _ => null,
        };
        if (expected is not null)
            yield return new($"'overlap' is '{Overlap}': expected {expected}.", [nameof(Overlap)]);
    }
}
