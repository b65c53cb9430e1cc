using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

internal static class RedisRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>system: redis</c>.</summary>
        public IServiceCollection AddRedis() => services.AddSystem<RedisSystem>();
    }
}
