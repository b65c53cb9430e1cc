using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Collect;

/// <summary>Registers collecting.</summary>
public static class CollectRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="Collector"/>. Needs <c>AddStorage()</c> and <c>AddConnect()</c>.</summary>
        public IServiceCollection AddCollect()
        {
            services.AddMetrics();
            services.AddSingleton<CollectMetrics>();
            services.AddSingleton<Collector>();
            services.AddSingleton<ConfigurationCheck>(ManifestSourceChecks.Find);
            return services;
        }
    }
}
