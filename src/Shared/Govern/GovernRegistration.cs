using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Govern;

/// <summary>Registers the quality gate, lineage and reading. They stand on <c>AddStorage()</c>.</summary>
public static class GovernRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="QualityGate"/>, <see cref="Lineage"/> and <see cref="SnapshotReader"/>.</summary>
        public IServiceCollection AddGovern()
        {
            services.AddMetrics();
            services.TryAddSingleton<GovernMetrics>();
            services.TryAddSingleton<QualityGate>();
            services.TryAddSingleton<Lineage>();
            services.TryAddSingleton<SnapshotReader>();
            return services;
        }
    }
}
