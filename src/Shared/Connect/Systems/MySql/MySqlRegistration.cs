using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers MySQL and MariaDB.</summary>
internal static class MySqlRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>mysql</c>.</summary>
        public IServiceCollection AddMySql() => services.AddSystem<MySqlSystem>();
    }
}
