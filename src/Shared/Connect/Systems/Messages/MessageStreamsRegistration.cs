using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers streams that are kept in partitions and read by offset.</summary>
internal static class MessageStreamsRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the systems <c>kafka</c>, <c>kinesis</c> and <c>event-hubs</c>.</summary>
        public IServiceCollection AddMessageStreams() => services.AddSystem<KafkaSystem>().AddSystem<KinesisSystem>().AddSystem<EventHubsSystem>();
    }
}
