using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Contracts;

/// <summary>Registers the stamp that this process belongs to.</summary>
public static class StampRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="Stamp"/>, read from the settings; the host does not start while they are wrong.</summary>
        public IServiceCollection AddStamp()
        {
            services.AddSingleton(provider => Stamp.Read(provider.GetRequiredService<IConfiguration>()));
            return services.AddHostedService<StampGate>();
        }
    }

    sealed class StampGate(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<Stamp>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
