namespace DataIngestion.Observe;

/// <summary>One check of a report.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, string? Detail, double DurationMs);

/// <summary>A service's health.</summary>
/// <param name="Service">Service name.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Checks">Every check that was made.</param>
public sealed record HealthReport(string Service, HealthQuestion Question, HealthStatus Status, IReadOnlyList<HealthCheck> Checks)
{
    /// <summary>Media type of <see cref="ToJson"/>.</summary>
    public const string ContentType = "application/health+json";

    /// <summary>200 while the service works, 503 otherwise.</summary>
    public int StatusCode => Status is HealthStatus.Fail ? 503 : 200;

    /// <summary>The body of the answer.</summary>
    public string ToJson() => throw new NotSupportedException();
}

/// <summary>Answers health questions for all services of this process.</summary>
public sealed class HealthReporter(IEnumerable<IHealthProbe> probes, TimeProvider time)
{
    /// <summary>Asks every probe that the question needs, at once, each within a time limit.</summary>
    /// <returns>Null when there is no such service, see <see cref="Contracts.Services"/>.</returns>
    public Task<HealthReport?> ReportAsync(string service, HealthQuestion question, CancellationToken cancellationToken = default) => throw new NotSupportedException($"{probes}{time}");
}
