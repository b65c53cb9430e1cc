using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers streams that are kept in partitions and read by offset.</summary>
internal static class MessageStreamsRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the systems <c>kafka</c> and <c>kinesis</c>.</summary>
        public IServiceCollection AddMessageStreams() => services.AddSystem<KafkaSystem>().AddSystem<KinesisSystem>();
    }
}
