using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataIngestion.Connect;

/// <summary>Registers the pools of connections to systems.</summary>
internal static class PoolingRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the pools; their options are checked at start.</summary>
        public IServiceCollection AddPooling()
        {
            services.AddOptions<ConnectionPoolOptions>().BindConfiguration(ConnectionPoolOptions.Section).ValidateDataAnnotations().ValidateOnStart();
            services.AddSingleton(provider => new ConnectionPools<ISourceConnection>(
                provider.GetRequiredService<IOptions<ConnectionPoolOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
            return services;
        }
    }
}
