using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

internal static class MqttRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>system: mqtt</c>.</summary>
        public IServiceCollection AddMqtt() => services.AddSystem<MqttSystem>();
    }
}
