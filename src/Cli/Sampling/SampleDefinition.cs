using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sampling;

/// <summary>
/// What a provider answers and which rows must come of it: <c>samples/sources/{source}/{dataset}.yaml</c>. A test of the source plays the
/// provider, runs the definition as it is, and accepts nothing else: every exchange must be asked, and no other request may be made.
/// </summary>
internal sealed record SampleDefinition : IValidatableObject
{
    /// <summary>Time of the first run, ISO 8601; every later run is a minute after the one before.</summary>
    [Required]
    public required string Now { get; init; }

    /// <summary>Values for <c>${NAME}</c> references; one that is not named is <c>sample-NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs, in order; each goes on from the cursor of the one before.</summary>
    [MinLength(1)]
    public required IReadOnlyList<SampleRun> Runs { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SampleTime.TryParse(Now, out _))
            yield return new($"'{Now}' is not an instant: expected ISO 8601 with a time zone, such as 2024-01-05T00:00:00Z.", [nameof(Now)]);
    }
}

/// <summary>One run.</summary>
internal sealed record SampleRun : IValidatableObject
{
    /// <summary>Its time, where it is not a minute after the run before.</summary>
    public string? Now { get; init; }

    /// <summary>What is asked and answered. Equal requests get their answers in this order.</summary>
    public IReadOnlyList<SampleExchange> Exchanges { get; init; } = [];

    /// <summary>Files that lie at a source that is asked for files, by name: a file beside the sample's, or text. In place of exchanges.</summary>
    public IReadOnlyDictionary<string, SampleContent> Files { get; init; } = new Dictionary<string, SampleContent>();

    /// <summary>What must come of it.</summary>
    [Required]
    public required SampleExpectation Expect { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Now is not null && !SampleTime.TryParse(Now, out _))
            yield return new($"'{Now}' is not an instant: expected ISO 8601 with a time zone, such as 2024-01-05T00:00:00Z.", [nameof(Now)]);
        if (Exchanges.Count > 0 && Files.Count > 0)
            yield return new("a run has either 'exchanges' or 'files'.", [nameof(Files)]);
    }
}

/// <summary>A request and its answer.</summary>
internal sealed record SampleExchange
{
    /// <summary>The request.</summary>
    [Required]
    public required SampleRequest Request { get; init; }

    /// <summary>The answer.</summary>
    [Required]
    public required SampleResponse Response { get; init; }
}

/// <summary>A request as the provider sees it.</summary>
internal sealed record SampleRequest
{
    /// <summary>Its method; default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The whole path at the provider (<c>/v2/bars</c>), or a whole address where it is of another host than the connection's.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>All query parameters, those of authentication too. A parameter that comes several times has a value a line.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers that must be there with these values; there may be others.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole body; JSON and forms are compared by what they say, other text as it is. Null for none.</summary>
    public string? Body { get; init; }
}

/// <summary>An answer.</summary>
internal sealed record SampleResponse : IValidatableObject
{
    /// <summary>Its status; default 200.</summary>
    [Range(200, 599)]
    public int Status { get; init; } = 200;

    /// <summary>Its headers. Content-Type is guessed where it isn't given; a body with <c>Content-Encoding: gzip</c> is compressed on the way.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Its body.</summary>
    public string? Body { get; init; }

    /// <summary>A file beside the sample's that is the body instead.</summary>
    public string? File { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Body is not null && File is not null)
            yield return new("an answer has either a 'body' or a 'file'.", [nameof(File)]);
    }
}

/// <summary>The content of a file at a source.</summary>
[ShortForm(nameof(File))]
internal sealed record SampleContent : IValidatableObject
{
    /// <summary>A file beside the sample's.</summary>
    public string? File { get; init; }

    /// <summary>Its text instead.</summary>
    public string? Text { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (File is null == Text is null)
            yield return new("a file has either a 'file' beside the sample's or a 'text'.", [nameof(File)]);
    }
}

/// <summary>What must come of a run.</summary>
internal sealed record SampleExpectation : IValidatableObject
{
    /// <summary>Rows that the run published to the dataset.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that it set aside; default 0.</summary>
    public long Quarantined { get; init; }

    /// <summary>The cursor's value after it; null where that is not looked at.</summary>
    public string? Cursor { get; init; }

    /// <summary>Code of the failure that it must end with, or words of its message; null where it must not fail.</summary>
    public string? Failure { get; init; }

    /// <summary>Rows that it published, in any order, with some or all of their columns as text; an empty text is no value. Each stands for a row of its own.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Values { get; init; } = [];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Values.Count > Rows)
            yield return new($"{Values.Count} rows are described, but 'rows' is {Rows}.", [nameof(Values)]);
        if (Failure is not null && Rows > 0)
            yield return new("a run that fails publishes no rows.", [nameof(Failure)]);
    }
}

/// <summary>Instants in samples.</summary>
internal static class SampleTime
{
    /// <summary>Reads one; it must say its time zone.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out instant)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));

    /// <summary>Reads one that has been checked.</summary>
    public static DateTimeOffset Parse(string text) => TryParse(text, out var instant) ? instant : throw new FormatException($"'{text}' is not an instant.");
}
