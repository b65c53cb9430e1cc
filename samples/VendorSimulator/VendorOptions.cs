namespace DataIngestion.Samples;

/// <summary>How the simulated vendor behaves.</summary>
public sealed record VendorOptions
{
    /// <summary>The figures it serves; see <see cref="Bar.ReadCsv"/> and <see cref="Bar.Generate"/>.</summary>
    public IReadOnlyList<Bar> Bars { get; init; } = [];

    /// <summary>Bars after this day are not published yet; null publishes all. Can be moved while it runs.</summary>
    public DateOnly? Through { get; init; }

    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The only key that is let in, sent as <c>X-Api-Key</c>.</summary>
    public string ApiKey { get; init; } = "demo-key";

    /// <summary>Largest page; default 100.</summary>
    public int MaxPageSize { get; init; } = 100;

    /// <summary>Every how many requests of bars one is answered 429; 0 never. Default 0.</summary>
    public int RateLimitEvery { get; init; }

    /// <summary>What a 429 says in <c>Retry-After</c>, in whole seconds; default 1.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>Which request of bars is answered 503, counted from 1; 0 none. Default 0.</summary>
    public int UnavailableAt { get; init; }

    /// <summary>Seed of the trades; default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Trades a second on the stream; 0 sends at once what is published and then stays open. Default 0.</summary>
    public int TradesPerSecond { get; init; }

    /// <summary>Trades published so far, for a stream without a rate; default 1,000. Can be moved while it runs.</summary>
    public long Trades { get; init; } = 1000;
}

/// <summary>Ways to misbehave.</summary>
public enum VendorFault
{
    /// <summary>Behaves.</summary>
    None,

    /// <summary>Accepts the request and says nothing.</summary>
    NeverAnswers,

    /// <summary>Breaks the connection in the middle of the announced body.</summary>
    TruncatedBody,

    /// <summary>A maintenance page under status 200.</summary>
    HtmlBody,

    /// <summary>A JSON error under status 200, without the records.</summary>
    ErrorBody,

    /// <summary>The next page's cursor or link leads back to the first page.</summary>
    LoopingCursor,

    /// <summary>401, whatever the key.</summary>
    Unauthorized,

    /// <summary>500.</summary>
    ServerError,
}

/// <summary>What an endpoint was asked and answered.</summary>
/// <param name="Requests">Requests that arrived.</param>
/// <param name="Served">Answers 200 as they should be.</param>
/// <param name="NotModified">Answers 304.</param>
/// <param name="RateLimited">Answers 429.</param>
/// <param name="Unavailable">Answers 503.</param>
/// <param name="Refused">Answers 401.</param>
public sealed record EndpointCounters(long Requests, long Served, long NotModified, long RateLimited, long Unavailable, long Refused);
