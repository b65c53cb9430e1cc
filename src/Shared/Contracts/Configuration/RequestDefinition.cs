using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Http.Headers;

namespace DataIngestion.Contracts;

/// <summary>
/// One HTTP request. Text values may hold <c>${NAME}</c> references to settings and <c>{cursor}</c>, <c>{from}</c>, <c>{to}</c>, <c>{page}</c>,
/// the name of a partition (<c>{symbol}</c>), and in an export <c>{job}</c> and <c>{part}</c>; instants and days may say how they are
/// written (<c>{from:yyyyMMdd}</c>, <c>{to:unix-seconds}</c>; see <see cref="CursorDefinition.Format"/>).
/// What is put in is written as the place needs it: escaped in addresses, JSON, XML and forms. What has no value yet is left out of
/// query, headers and form, and is <c>null</c> in JSON.
/// </summary>
public sealed record RequestDefinition : IValidatableObject
{
    /// <summary>Path below the connection's base address, e.g. <c>/v1/bars</c>.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>GET, POST or PUT; default GET. A request with <see cref="Graphql"/> is a POST.</summary>
    [RegularExpression("GET|POST|PUT")]
    public string Method { get; init; } = "GET";

    /// <summary>Query parameters.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers of this request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How this request proves who we are, where that is not as the connection does it; <c>none</c> for not at all.</summary>
    public AuthenticationDefinition? Auth { get; init; }

    /// <summary>Body of a POST or PUT.</summary>
    public string? Body { get; init; }

    /// <summary>What <see cref="Body"/> is; default <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Fields of a form (<c>application/x-www-form-urlencoded</c>) that is the body.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();

    /// <summary>A GraphQL operation that is the body.</summary>
    public GraphqlDefinition? Graphql { get; init; }

    /// <summary>
    /// Whether the answer is a large file: it is fetched without a time limit as long as bytes come, continued where it broke off when
    /// the source can do that, and checked against the length and the checksums that the source names. Default false.
    /// </summary>
    public bool Download { get; init; }

    /// <summary>Permits of the source's quota that it takes, where the vendor counts some requests more than once; 1 to 1,000,000, default 1.</summary>
    [Range(1, 1_000_000)]
    public int Weight { get; init; } = 1;

    /// <summary>For streams: how long one window lasts; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For streams: records after which a window closes early; default 100,000.</summary>
    [Range(1, 100_000_000)]
    public long WindowRecords { get; init; } = 100_000;

    /// <summary>For streams: windows after which a run ends; 0 means never. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int MaxWindows { get; init; }

    /// <summary>Whether a text of the request has a placeholder, such as <c>{page}</c>.</summary>
    public bool Names(string placeholder) =>
        Query.Values.Concat(Headers.Values).Concat(Form.Values).Concat(Graphql?.Variables.Values ?? []).Append(Path).Append(Body ?? "").Any(t => t.Contains(placeholder, StringComparison.Ordinal));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Body is null ? 0 : 1) + (Form.Count == 0 ? 0 : 1) + (Graphql is null ? 0 : 1) > 1)
            yield return new("a request has at most one of 'body', 'form' and 'graphql'.");
        if (Method == "GET" && (Body is not null || Form.Count > 0))
            yield return new("a GET has no body: expected 'method: POST' or 'method: PUT'.", [nameof(Method)]);
        if (Method == "PUT" && Graphql is not null)
            yield return new("GraphQL is asked by POST: leave 'method' out.", [nameof(Method)]);
        if (Download && (Method != "GET" || Graphql is not null))
            yield return new("a download is a GET.", [nameof(Download)]);
        if (Body is not null && BodyText.FaultOf(Body, ContentType) is { } wrong)
            yield return new(wrong, [nameof(Body)]);
        if (ContentType is not null && (Body is null || !MediaTypeHeaderValue.TryParse(ContentType, out _)))
            yield return new($"'{ContentType}' is not {(Body is null ? "needed without a 'body'" : "a media type such as application/xml")}.", [nameof(ContentType)]);
    }
}

/// <summary>A GraphQL operation.</summary>
public sealed record GraphqlDefinition
{
    /// <summary>The document. Nothing is put into it: values go through <see cref="Variables"/>.</summary>
    [Required]
    public required string Query { get; init; }

    /// <summary>
    /// Values of its variables. A value that is JSON is taken as such (<c>100</c>, <c>true</c>, <c>null</c>, <c>["A"]</c>, <c>'"100"'</c>), every other
    /// one as text. <c>{page}</c> alone is the number or token of the page, null before there is one.
    /// </summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Which operation of the document; null where it has one.</summary>
    public string? OperationName { get; init; }
}
