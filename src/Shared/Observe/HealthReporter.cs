using System.Text.Json;
using System.Text.Json.Serialization;
using DataIngestion.Contracts;

namespace DataIngestion.Observe;

/// <summary>One check of a report.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Detail">One sentence for people; null when there is nothing to say.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, [property: JsonPropertyName("output")] string? Detail, double DurationMs);

/// <summary>A service's health.</summary>
/// <param name="Service">Service name.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Checks">Every check that was made, by name.</param>
public sealed record HealthReport(
    [property: JsonPropertyName("serviceId")] string Service, HealthQuestion Question, HealthStatus Status, IReadOnlyList<HealthCheck> Checks)
{
    /// <summary>Media type of <see cref="ToJson"/>.</summary>
    public const string ContentType = "application/health+json";

    /// <summary>200 while the service works, 503 otherwise.</summary>
    [JsonIgnore]
    public int StatusCode => Status is HealthStatus.Fail ? 503 : 200;

    /// <summary>The body of the answer.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ContractJson.Indented);
}

/// <summary>Answers health questions for all twelve services.</summary>
public sealed class HealthReporter(IEnumerable<IHealthProbe> probes, TimeProvider time)
{
    /// <summary>What one probe may take; more than a platform waits for an answer would help nobody.</summary>
    public static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    readonly IReadOnlyList<IHealthProbe> _probes = [.. probes.OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>Asks every probe that belongs to the service and the question, all at once, each within <see cref="ProbeLimit"/>. Live asks nothing but whether the process answers.</summary>
    /// <param name="service">See <see cref="Services"/>.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when there is no such service.</returns>
    public Task<HealthReport?> ReportAsync(string service, HealthQuestion question, CancellationToken cancellationToken = default) =>
        ReportAsync(service, question, [], cancellationToken);

    /// <summary>The same, with probes that only the caller can make.</summary>
    public async Task<HealthReport?> ReportAsync(string service, HealthQuestion question, IReadOnlyList<IHealthProbe> more, CancellationToken cancellationToken = default)
    {
        if (!Services.OfAgents.Contains(service) && !Services.OfOrchestrators.Contains(service))
            return null;

        var asked = _probes.Concat(more).OrderBy(p => p.Name, StringComparer.Ordinal).Where(p => p.Question == question && question is not HealthQuestion.Live && (p.Service is null || p.Service == service));
        var checks = await Task.WhenAll(asked.Select(p => CheckAsync(p, cancellationToken)));
        var worst = checks.Length == 0 ? HealthStatus.Pass : checks.Max(c => c.Status);
        return new(service, question, worst, checks);
    }

    /// <summary>Asks every probe of a question once, whichever services it belongs to.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<IReadOnlyList<HealthCheck>> AskAllAsync(HealthQuestion question, CancellationToken cancellationToken) =>
        await Task.WhenAll(_probes.Where(p => p.Question == question).Select(p => CheckAsync(p, cancellationToken)));

    async Task<HealthCheck> CheckAsync(IHealthProbe probe, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(ProbeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HealthAnswer answer;
        try
        {
            // A probe that ignores its token is left behind; the answer does not wait for it.
            answer = await Task.Run(() => probe.CheckAsync(either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            answer = new(HealthStatus.Fail, $"did not answer within {Duration.Format(ProbeLimit)}.");
        }
#pragma warning disable CA1031 // Whatever a probe throws is its answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            answer = new(HealthStatus.Fail, FirstLine(failure));
        }

        return new(probe.Name, answer.Status, answer.Detail, Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1));
    }

    // SDK exceptions print headers and bodies after their first line.
    static string FirstLine(Exception failure)
    {
        var text = failure.Message.AsSpan().Trim();
        var end = text.IndexOfAny('\r', '\n');
        return $"{failure.GetType().Name}: {(end < 0 ? text : text[..end])}";
    }
}
