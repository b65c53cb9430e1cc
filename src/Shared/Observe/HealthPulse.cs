using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Observe;

/// <summary>
/// Asks everything that <c>ready</c> asks once a minute and tells it as the metric <c>health.check</c>: an app that no availability test can reach
/// from outside still says when it cannot work.
/// </summary>
internal sealed class HealthPulse(HealthReporter reporter, IMeterFactory meters, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    public const string MeterName = "DataIngestion.Health";

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    readonly Gauge<double> _check = meters.Create(MeterName).CreateGauge<double>(
        "health.check", "1", "What a check of readiness found, by check: 1 it works, 0.5 it works with a concern, 0 it does not.");

    /// <summary>Asks once.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        foreach (var check in await reporter.AskAllAsync(HealthQuestion.Ready, cancellationToken))
            _check.Record(check.Status switch { HealthStatus.Pass => 1, HealthStatus.Warn => 0.5, _ => 0 }, new KeyValuePair<string, object?>("check", check.Name));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // A host that is stopping, or still starting, is not a fault to tell anybody about.
                if (lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
                    await BeatAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }
}
