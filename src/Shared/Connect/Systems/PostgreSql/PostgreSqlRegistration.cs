using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers PostgreSQL.</summary>
internal static class PostgreSqlRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>postgresql</c>.</summary>
        public IServiceCollection AddPostgreSql() => services.AddSystem<PostgreSqlSystem>();
    }
}
