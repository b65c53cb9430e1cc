using DataIngestion.Storage.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Storage;

/// <summary>Registers the storage that all capabilities stand on.</summary>
public static class StorageRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the clients and stores of the platform's storage, see <see cref="StorageClients.Connect(IConfiguration)"/>.</summary>
        public IServiceCollection AddStorage()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(provider => StorageClients.Connect(provider.GetRequiredService<IConfiguration>()));
            services.AddSingleton<BlobStore>();
            services.AddSingleton<MessageQueues>();
            services.AddSingleton<EventOutbox>();
            services.AddSingleton<CommandLedger>();
            services.AddSingleton<CursorStore>();
            services.AddSingleton<RunRegister>();
            services.AddSingleton<FreshnessStore>();
            services.AddSingleton<IStorageTable>(provider => provider.GetRequiredService<CommandLedger>());
            services.AddSingleton<StorageResources>();
            services.AddSingleton<StorageSetup>();
            services.AddHostedService(provider => provider.GetRequiredService<StorageSetup>());
            return services;
        }
    }
}
