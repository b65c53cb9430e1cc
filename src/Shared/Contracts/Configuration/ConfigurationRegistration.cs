using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Contracts;

/// <summary>Registers the configuration that people write.</summary>
public static class ConfigurationRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Adds <see cref="PlatformConfiguration"/>, read once from the folders <c>Ingestion:ConfigsPath</c> (default <c>configs</c>) and
        /// <c>Ingestion:WorkflowsPath</c> (default <c>workflows</c>), which are looked for in the content root and then in its parents.
        /// The host does not start while the configuration has a fault.
        /// </summary>
        public IServiceCollection AddPlatformConfiguration()
        {
            services.AddSingleton(provider =>
            {
                var settings = provider.GetRequiredService<IConfiguration>();
                var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
                return ConfigurationLoader.Load(
                    Locate(root, settings["Ingestion:ConfigsPath"] ?? "configs"),
                    Locate(root, settings["Ingestion:WorkflowsPath"] ?? "workflows"),
                    provider.GetServices<ConfigurationCheck>());
            });
            return services.AddHostedService<ConfigurationGate>();
        }
    }

    /// <summary>The folder of that name in the content root or the nearest parent that has it; the place in the content root when none has.</summary>
    internal static string Locate(string root, string folder)
    {
        var first = Path.GetFullPath(Path.Combine(root, folder));
        if (Path.IsPathRooted(folder))
            return first;

        for (var parent = new DirectoryInfo(root); parent is not null; parent = parent.Parent)
        {
            var candidate = Path.Combine(parent.FullName, folder);
            if (Directory.Exists(candidate))
                return Path.GetFullPath(candidate);
        }

        return first;
    }

    // Asking for the configuration reads it: a fault stops the start, not the first run.
    sealed class ConfigurationGate(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<PlatformConfiguration>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
