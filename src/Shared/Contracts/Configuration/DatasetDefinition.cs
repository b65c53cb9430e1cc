using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>Types of columns, as in a dataset's configuration.</summary>
public enum ColumnKind
{
    /// <summary>Text.</summary>
    String,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>64-bit whole number.</summary>
    Integer,

    /// <summary>Exact decimal; see <see cref="ColumnDefinition.Precision"/> and <see cref="ColumnDefinition.Scale"/>.</summary>
    Decimal,

    /// <summary>Binary floating point of 64 bits.</summary>
    Float,

    /// <summary>Day without time.</summary>
    Date,

    /// <summary>Instant in UTC.</summary>
    Timestamp,
}

/// <summary>What the values of a text column identify.</summary>
public enum IdentifierType
{
    /// <summary>A security, ISO 6166.</summary>
    Isin,

    /// <summary>A North American security, ANSI X9.6.</summary>
    Cusip,

    /// <summary>A security, by the London Stock Exchange.</summary>
    Sedol,

    /// <summary>An instrument, OMG FIGI.</summary>
    Figi,

    /// <summary>A legal entity, ISO 17442.</summary>
    Lei,

    /// <summary>A bank, ISO 9362.</summary>
    Bic,

    /// <summary>An account, ISO 13616.</summary>
    Iban,

    /// <summary>A market, ISO 10383.</summary>
    Mic,

    /// <summary>A currency, ISO 4217.</summary>
    Currency,
}

/// <summary>One column of a dataset.</summary>
public sealed record ColumnDefinition : IValidatableObject
{
    /// <summary>Its type.</summary>
    public required ColumnKind Type { get; init; }

    /// <summary>Digits of a decimal; 1 to 38, default 18.</summary>
    [Range(1, 38)]
    public int Precision { get; init; } = 18;

    /// <summary>Digits of a decimal after the point; 0 to the precision, default 6.</summary>
    [Range(0, 38)]
    public int Scale { get; init; } = 6;

    /// <summary>Whether a row may lack it; default true, except for keys.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>What its values identify: a row whose value has not that form, or fails its check digits, is quarantined. For text.</summary>
    public IdentifierType? Identifier { get; init; }

    /// <summary>What its numbers count or measure: an ISO 4217 code, <c>percent</c>, <c>shares</c>, <c>column currency</c> … Told to people; nothing is converted.</summary>
    public string? Unit { get; init; }

    /// <summary>Smallest value that is believable; for numbers.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Largest value that is believable; for numbers.</summary>
    public decimal? Maximum { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Scale > Precision)
            yield return new($"scale {Scale} is above precision {Precision}.", [nameof(Scale)]);
        if (Identifier is { } identifier && Type != ColumnKind.String)
            yield return new($"'{identifier.ToString().ToLowerInvariant()}' identifies by text, but the column is of another type: expected type string.", [nameof(Identifier)]);
        if (Minimum > Maximum)
            yield return new($"minimum {Minimum} is above maximum {Maximum}.", [nameof(Minimum)]);
    }
}

/// <summary>One dataset that sources are merged into: <c>configs/datasets/{id}.yaml</c>.</summary>
public sealed record DatasetDefinition : IValidatableObject
{
    /// <summary>Its id; see <see cref="ConfigurationId"/>.</summary>
    [Required]
    public required string Dataset { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Title { get; init; }

    /// <summary>Columns that identify a row.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Its columns in order. A source's other columns are dropped, visibly.</summary>
    [MinLength(1)]
    public required IReadOnlyDictionary<string, ColumnDefinition> Columns { get; init; }

    /// <summary>Source ids, most trusted first; sources not listed come after. Among equals the row known last wins.</summary>
    public IReadOnlyList<string> Priority { get; init; } = [];

    /// <summary>The quality gate.</summary>
    public QualityDefinition Quality { get; init; } = new();

    /// <summary>
    /// Service level: the time from the moment at which a schedule falls due until its data are published, 1 min to 31 d. Null promises nothing.
    /// The metric <c>ingestion.sla.left</c> tells how much of it is left, and people are alerted before it has passed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan? Sla { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ConfigurationId.IsValid(Dataset))
            yield return new($"'{Dataset}' is not a dataset id: expected {ConfigurationId.Rule}.", [nameof(Dataset)]);
        for (var i = 0; i < Keys.Count; i++)
        {
            if (!Columns.ContainsKey(Keys[i]))
                yield return new($"the key '{Keys[i]}' is not among the columns.", [$"{nameof(Keys)}[{i}]"]);
            else if (Keys.Take(i).Contains(Keys[i]))
                yield return new($"the key '{Keys[i]}' is listed twice.", [$"{nameof(Keys)}[{i}]"]);
        }

        foreach (var name in Columns.Keys.Where(c => c.StartsWith('_')))
            yield return new($"the column '{name}' begins with '_', which is kept for lineage.", [$"{nameof(Columns)}[{name}]"]);
    }
}

/// <summary>When a conversion is good enough to publish.</summary>
public sealed record QualityDefinition
{
    /// <summary>Score from 0 to 100 below which nothing is published; default 80.</summary>
    [Range(0, 100)]
    public double MinimumScore { get; init; } = 80;

    /// <summary>Conditions that every row must meet, such as <c>low &lt;= high</c>: two columns, or a column and a number, with one of &lt; &lt;= = &gt;= &gt;.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];
}
