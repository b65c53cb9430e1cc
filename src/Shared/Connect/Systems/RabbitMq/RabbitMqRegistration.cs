using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

internal static class RabbitMqRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>system: rabbitmq</c>.</summary>
        public IServiceCollection AddRabbitMq() => services.AddSystem<RabbitMqSystem>();
    }
}
