using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>How an HTTP source is reached, and within which limits.</summary>
public sealed record ConnectionDefinition : IValidatableObject
{
    /// <summary>Absolute http or https address. May hold <c>${NAME}</c> references to settings.</summary>
    [Required]
    public required string BaseUrl { get; init; }

    /// <summary>How we prove who we are.</summary>
    public AuthenticationDefinition? Auth { get; init; }

    /// <summary>Headers sent with every request. Values may hold <c>${NAME}</c> references.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of a cheap request that shows whether the source is up and lets us in; default the base address.</summary>
    public string? Probe { get; init; }

    /// <summary>Hosts on this machine or a private network are refused unless this is true.</summary>
    public bool AllowPrivateNetwork { get; init; }

    /// <summary>Limits and resilience.</summary>
    public LimitsDefinition Limits { get; init; } = new();

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BaseUrl.Contains("${", StringComparison.Ordinal)
            && (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
        {
            yield return new($"'{BaseUrl}' is not an http or https address.", [nameof(BaseUrl)]);
        }
    }
}

/// <summary>Ways of proving who we are.</summary>
public enum AuthenticationKind
{
    /// <summary>A key in a header or a query parameter.</summary>
    ApiKey,

    /// <summary><c>Authorization: Bearer</c> with a fixed token.</summary>
    Bearer,

    /// <summary><c>Authorization: Basic</c>.</summary>
    Basic,
}

/// <summary>Credentials, always by reference: <c>${NAME}</c> is resolved from settings at use and never stored.</summary>
public sealed record AuthenticationDefinition : IValidatableObject
{
    /// <summary>The way.</summary>
    public required AuthenticationKind Kind { get; init; }

    /// <summary>Header that carries an API key.</summary>
    public string? Header { get; init; }

    /// <summary>Query parameter that carries an API key.</summary>
    public string? Query { get; init; }

    /// <summary>Reference to the key, token or password, e.g. <c>${VENDOR_KEY}</c>.</summary>
    [Required]
    public required string Value { get; init; }

    /// <summary>User name for Basic; may be a reference.</summary>
    public string? User { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SecretReference.IsReference(Value))
            yield return new("a secret must be a reference such as ${VENDOR_KEY}, never the secret itself.", [nameof(Value)]);
        if (Kind is AuthenticationKind.ApiKey && Header is null == Query is null)
            yield return new("an API key needs exactly one of 'header' and 'query'.");
        if (Kind is AuthenticationKind.Basic && string.IsNullOrEmpty(User))
            yield return new("Basic needs a 'user'.", [nameof(User)]);
    }
}

/// <summary>Limits and resilience of one source.</summary>
public sealed record LimitsDefinition
{
    /// <summary>Requests a second that the vendor allows; 0.01 to 100,000, default 10.</summary>
    [Range(0.01, 100_000)]
    public double RequestsPerSecond { get; init; } = 10;

    /// <summary>Requests that may be made at once after a pause; 1 to 10,000, default 10.</summary>
    [Range(1, 10_000)]
    public int Burst { get; init; } = 10;

    /// <summary>Requests under way at once; 1 to 1,000, default 8.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; init; } = 8;

    /// <summary>Time for one attempt to answer, headers and body; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for a request with all its attempts; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts a request gets; 1 to 20, default 5.</summary>
    [Range(1, 20)]
    public int Attempts { get; init; } = 5;

    /// <summary>Delay before the second attempt, doubled for each further one, with jitter; default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Largest body of one answer in bytes; default 256 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxResponseBytes { get; init; } = 256L << 20;

    /// <summary>Share of failed requests that opens the circuit breaker; 0.01 to 1, default 0.5.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>Requests within the sampling time before the breaker judges; 2 to 10,000, default 20.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumThroughput { get; init; } = 20;

    /// <summary>How long an open breaker refuses; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan BreakerDuration { get; init; } = TimeSpan.FromSeconds(30);
}
