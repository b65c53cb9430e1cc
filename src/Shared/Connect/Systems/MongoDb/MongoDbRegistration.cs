using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

internal static class MongoDbRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>system: mongodb</c>.</summary>
        public IServiceCollection AddMongoDb() => services.AddSystem<MongoDbSystem>();
    }
}
