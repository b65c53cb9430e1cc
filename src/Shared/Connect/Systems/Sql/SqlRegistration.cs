using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers databases that are asked in SQL.</summary>
internal static class SqlRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds every one of them.</summary>
        public IServiceCollection AddDatabases() => services.AddPostgreSql().AddMySql().AddSqlite().AddAdoNet();
    }
}
