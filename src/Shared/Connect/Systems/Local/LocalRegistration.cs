using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers folders of the machine.</summary>
internal static class LocalRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>local</c>.</summary>
        public IServiceCollection AddLocal() => services.AddSystem<LocalSystem>();
    }
}
