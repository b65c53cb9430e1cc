using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers databases whose driver is loaded by name.</summary>
internal static class AdoRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the systems <c>sqlserver</c>, <c>oracle</c> and <c>ado-net</c>.</summary>
        public IServiceCollection AddAdoNet() =>
            services.AddSingleton<ProviderFactories>().AddSystem<SqlServerSystem>().AddSystem<OracleSystem>().AddSystem<GenericAdoSystem>();
    }
}
