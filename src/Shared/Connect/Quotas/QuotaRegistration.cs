using DataIngestion.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers the broker of quotas.</summary>
internal static class QuotaRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the broker. It shares through the storage account where one is registered, and within the process otherwise.</summary>
        public IServiceCollection AddQuotas()
        {
            services.AddSingleton<QuotaTable>();
            services.AddSingleton<IStorageTable>(provider => provider.GetRequiredService<QuotaTable>());
            services.AddSingleton<IQuotaLedger>(provider => provider.GetRequiredService<QuotaTable>().Ledger ?? (IQuotaLedger)new LocalQuotaLedger(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<QuotaBroker>();
            return services;
        }
    }

    /// <summary>The table, where there is storage.</summary>
    sealed class QuotaTable(IServiceProvider provider) : IStorageTable
    {
        public TableQuotaLedger? Ledger { get; } = provider.GetService<StorageClients>() is { } clients ? new(clients) : null;

        public Task CreateAsync(CancellationToken cancellationToken = default) => Ledger?.CreateAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
