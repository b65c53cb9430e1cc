using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers SQLite.</summary>
internal static class SqliteRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>sqlite</c>.</summary>
        public IServiceCollection AddSqlite() => services.AddSystem<SqliteSystem>();
    }
}
