using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Observe;

/// <summary>Could the configuration be read? The host does not start otherwise, so this speaks while it starts.</summary>
internal sealed class ConfigurationProbe(IServiceProvider services, HealthQuestion question) : IHealthProbe
{
    public string Name => "configuration";

    public HealthQuestion Question => question;

    public Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configuration = services.GetService<PlatformConfiguration>();
            return Task.FromResult(configuration is null
                ? new HealthAnswer(HealthStatus.Fail, "the configuration is not registered: call AddPlatformConfiguration.")
                : new(HealthStatus.Pass, $"{configuration.Sources.Count} sources, {configuration.Datasets.Count} datasets, {configuration.Workflows.Count} workflows."));
        }
        catch (ConfigurationException broken)
        {
            return Task.FromResult(new HealthAnswer(HealthStatus.Fail, $"{broken.Faults.Count} faults, the first: {broken.Faults[0]}"));
        }
    }
}

/// <summary>Has the host finished starting, and not begun to stop?</summary>
internal sealed class HostProbe(IHostApplicationLifetime lifetime, HealthQuestion question) : IHealthProbe
{
    public string Name => "host";

    public HealthQuestion Question => question;

    public Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<HealthAnswer>(
        lifetime.ApplicationStopping.IsCancellationRequested ? new(HealthStatus.Fail, "is stopping.")
        : lifetime.ApplicationStarted.IsCancellationRequested ? new(HealthStatus.Pass)
        : new(HealthStatus.Fail, "is starting."));
}
