using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Observe;

/// <summary>Registers health and metrics; needs <c>AddStorage</c> and <c>AddPlatformConfiguration</c>.</summary>
public static class ObserveRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="HealthReporter"/> with probes of storage and configuration, and <see cref="MetricsExporter"/>.</summary>
        public IServiceCollection AddObserve()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<HealthReporter>();
            services.AddSingleton<MetricsExporter>();
            return services;
        }
    }
}
