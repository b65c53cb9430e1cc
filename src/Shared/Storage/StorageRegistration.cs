using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Storage;

/// <summary>Registers the storage that all capabilities stand on.</summary>
public static class StorageRegistration
{
    /// <summary>Name of the connection: a connection string, or <c>DataStorage__accountName</c>. Where it is missing, <c>AzureWebJobsStorage</c> serves.</summary>
    public const string ConnectionName = "DataStorage";

    extension(IServiceCollection services)
    {
        /// <summary>Adds the clients and stores of one storage account.</summary>
        public IServiceCollection AddStorage()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(provider =>
            {
                var configuration = provider.GetRequiredService<IConfiguration>();
                var own = configuration.GetSection(ConnectionName).Exists();
                return StorageClients.Connect(configuration, own ? ConnectionName : "AzureWebJobsStorage");
            });
            services.AddSingleton<BlobStore>();
            services.AddSingleton<MessageQueues>();
            services.AddSingleton<EventOutbox>();
            services.AddSingleton<CommandLedger>();
            services.AddSingleton<CursorStore>();
            services.AddSingleton<RunRegister>();
            services.AddSingleton<IStorageTable>(provider => provider.GetRequiredService<CommandLedger>());
            services.AddHostedService<StorageSetup>();
            return services;
        }
    }
}
