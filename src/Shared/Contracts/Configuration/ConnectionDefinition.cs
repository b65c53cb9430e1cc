using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>How a source is reached, and within which limits. What is not named here is an option of its system.</summary>
public sealed record ConnectionDefinition : IValidatableObject
{
    /// <summary>Name of <see cref="System"/> for everything that is asked by HTTP.</summary>
    public const string Http = "http";

    /// <summary>What kind of system it is, such as <c>postgresql</c> or <c>sftp</c>; default <see cref="Http"/>.</summary>
    public string System { get; init; } = Http;

    /// <summary>
    /// Where it is, with a scheme that belongs to the system: <c>https://api.example.com/v1</c>, <c>sftp://files.example.com/out</c>,
    /// <c>postgresql://db.example.com:5432/market</c>. May hold <c>${NAME}</c> references to settings; never credentials.
    /// </summary>
    [Required]
    public required string BaseUrl { get; init; }

    /// <summary>How we prove who we are.</summary>
    public AuthenticationDefinition? Auth { get; init; }

    /// <summary>What is demanded of the server's certificate, and what we show; null for the defaults.</summary>
    public TlsDefinition? Tls { get; init; }

    /// <summary>Headers sent with every HTTP request. Values may hold <c>${NAME}</c> references.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of a cheap HTTP request that shows whether the source is up and lets us in; default the base address.</summary>
    public string? Probe { get; init; }

    /// <summary>Origins on this machine or a private network are refused unless this is true.</summary>
    public bool AllowPrivateNetwork { get; init; }

    /// <summary>Times in which the vendor is known to be down.</summary>
    public IReadOnlyList<MaintenanceDefinition> Maintenance { get; init; } = [];

    /// <summary>Further origins (<c>https://files.example.com</c>) that a request may name or an answer lead to. The headers and credentials of this connection are not sent there; those that a request has of its own are.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Limits and resilience.</summary>
    public LimitsDefinition Limits { get; init; } = new();

    /// <summary>Options of the system; a list has an entry a line, a mapping names joined by a dot.</summary>
    [Options]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Origins.Count; i++)
        {
            if (!Origins[i].Contains("${", StringComparison.Ordinal) && (!Uri.TryCreate(Origins[i], UriKind.Absolute, out var host) || host.Scheme is not ("http" or "https") || host.PathAndQuery != "/" || host.UserInfo.Length > 0))
                yield return new($"'{Origins[i]}' is not an origin: expected scheme and host such as https://files.example.com.", [$"{nameof(Origins)}[{i}]"]);
        }

        if (BaseUrl.Contains("${", StringComparison.Ordinal))
            yield break;
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) || (System == Http && uri.Scheme is not ("http" or "https")))
            yield return new($"'{BaseUrl}' is not an {(System == Http ? "http or https" : "absolute")} address.", [nameof(BaseUrl)]);
        else if (uri.UserInfo.Length > 0)
            yield return new("the address holds credentials: put them into 'auth', as references.", [nameof(BaseUrl)]);
    }
}

/// <summary>
/// How we prove who we are. Everything besides <see cref="Template"/> and <see cref="Kind"/> is an option of the kind, and every secret
/// among them a reference, resolved at use and never stored.
/// </summary>
[ShortForm(nameof(Kind))]
public sealed record AuthenticationDefinition : IValidatableObject
{
    /// <summary>The <see cref="Kind"/> that proves nothing.</summary>
    public const string None = "none";

    /// <summary>Name of a template in <c>configs/authentication-templates.yaml</c>, whose options stand where this definition has none.</summary>
    public string? Template { get; init; }

    /// <summary>The way, such as <c>api-key</c> or <c>basic</c>; the capability that opens sources knows them.</summary>
    public string? Kind { get; init; }

    /// <summary>Options of the kind; a list has an entry a line, a mapping names joined by a dot.</summary>
    [Options]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Option by name; null where it isn't given.</summary>
    public string? this[string option] => Options.GetValueOrDefault(option);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind is null && Template is null)
            yield return new("authentication needs a 'kind' or a 'template'.");
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

    /// <summary>Shortest delay before another attempt; each is chosen at random between it and three times the last one. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such delay; default 20 s. What the source asks for by <c>Retry-After</c> is not cut.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Tokens that retries are paid with: 14 after a fault, 5 after a 429; success gives back. 0 to 100,000, default 500; 0 for retries
    /// without a budget.
    /// </summary>
    [Range(0, 100_000)]
    public int RetryBudget { get; init; } = 500;

    /// <summary>Time after which a GET without an answer is asked once more beside the first; the first answer counts. Default never.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan? HedgeAfter { get; init; }

    /// <summary>How many may be asked beside the first; 1 to 5, default 1.</summary>
    [Range(1, 5)]
    public int Hedges { get; init; } = 1;

    /// <summary>Largest body of one answer in bytes; default 256 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxResponseBytes { get; init; } = 256L << 20;

    /// <summary>Share of failed requests that opens the circuit breaker; 0.01 to 1, default 0.5.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>Requests within the sampling time before the breaker judges; 2 to 10,000, default 20.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumThroughput { get; init; } = 20;

    /// <summary>What the vendor allows all of us together; default nothing beside the limits above, which hold for each process.</summary>
    public QuotaDefinition? Quota { get; init; }

    /// <summary>How long an open breaker refuses; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan BreakerDuration { get; init; } = TimeSpan.FromSeconds(30);
}
