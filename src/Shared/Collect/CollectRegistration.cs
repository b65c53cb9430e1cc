using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
            services.TryAddSingleton(provider => new ManifestFiles(() => provider.GetService<PlatformConfiguration>()?.Folder));
            services.AddSingleton<Collector>();
            services.AddSingleton<ConfigurationCheck>(ManifestSourceChecks.Find);
            return services;
        }
    }
}
