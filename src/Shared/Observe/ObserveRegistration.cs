using DataIngestion.Observe.Cost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Observe;

/// <summary>Registers health, metrics and the recording of usage; needs <c>AddStorage</c> and <c>AddPlatformConfiguration</c>.</summary>
public static class ObserveRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="HealthReporter"/> with probes of host, storage and configuration, and <see cref="MetricsExporter"/>, which collects from the host's start on, and <see cref="UsageMeter"/>, which the app puts around its invocations.</summary>
        public IServiceCollection AddObserve()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddMetrics();

            foreach (var question in (HealthQuestion[])[HealthQuestion.Ready, HealthQuestion.Startup])
            {
                services.AddSingleton<IHealthProbe>(p => new HostProbe(p.GetRequiredService<IHostApplicationLifetime>(), question));
                services.AddSingleton<IHealthProbe>(p => new ConfigurationProbe(p, question));
            }

            services.AddSingleton<IHealthProbe, BlobProbe>();
            services.AddSingleton<IHealthProbe, QueueProbe>();
            services.AddSingleton<IHealthProbe, TableProbe>();
            services.AddSingleton<HealthReporter>();
            services.AddSingleton<MetricsExporter>();
            services.AddOptions<UsageOptions>().BindConfiguration("Ingestion:Usage").ValidateDataAnnotations().ValidateOnStart();
            services.AddSingleton<UsageStore>();
            services.AddSingleton<UsageMeter>();
            services.AddHostedService<UsageFlush>();
            services.AddSingleton<QueueDepths>();
            services.AddHostedService<HealthPulse>();
            return services.AddHostedService<MetricsStart>();
        }
    }

    // The listener must be there before the first measurement.
    sealed class MetricsStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<MetricsExporter>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
