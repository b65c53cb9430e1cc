using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

internal static class WebSocketRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>system: websocket</c>.</summary>
        public IServiceCollection AddWebSocket() => services.AddSystem<WebSocketSystem>();
    }
}
