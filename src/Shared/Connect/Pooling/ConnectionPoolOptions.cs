using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>How connections to systems are kept: the section <c>Ingestion:Connections</c>.</summary>
internal sealed record ConnectionPoolOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Ingestion:Connections";

    // A range reads its bounds at its first use and is not safe against two first uses at once, as two hosts in one process make them.
    static ConnectionPoolOptions()
    {
        var any = new ConnectionPoolOptions();
        _ = Validator.TryValidateObject(any, new(any), validationResults: null, validateAllProperties: true);
    }

    /// <summary>Sources that may have connections at once; 1 to 10,000, default 50.</summary>
    [Range(1, 10_000)]
    public int MaxPools { get; init; } = 50;

    /// <summary>Connections of one source; 1 to 10,000, default 100. A source's own <c>maxConcurrent</c> lowers it.</summary>
    [Range(1, 10_000)]
    public int MaxPerPool { get; init; } = 100;

    /// <summary>Connections that a source in use keeps open, warmed up in the background; 0 to 1,000, default 0.</summary>
    [Range(0, 1_000)]
    public int MinIdle { get; init; }

    /// <summary>How long a connection may lie unused; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a connection may become, so that new addresses, credentials and certificates are followed; default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A connection that has lain longer is probed before it is given out, and in the background; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for one probe; default 5 s. A connection that does not answer by then is broken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often idle connections are looked after; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time for closing: of one connection, and at the end of the process of all of them; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
