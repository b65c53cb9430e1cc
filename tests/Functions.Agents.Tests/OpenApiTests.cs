using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public void Every_http_function_of_both_apps_is_documented_and_nothing_else_is()
    {
        Assembly[] apps = [typeof(AgentsRegistration).Assembly, typeof(Orchestrators.OrchestratorsRegistration).Assembly];
        var served = apps.SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods())
            .SelectMany(m => m.GetParameters()).Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
            .SelectMany(t => t.Methods!.Select(m => $"{m} /{WithoutConstraints(t.Route!)}"));

        using var stream = typeof(AgentsRegistration).Assembly.GetManifestResourceStream("docs/openapi.json")!;
        using var document = JsonDocument.Parse(stream);
        var documented = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name} {p.Name}"));

        Assert.Equal(served.Distinct().Order(), documented.Order());
    }

    // {service:regex(^(a|b)$)}/metrics is documented as {service}/metrics.
    static string WithoutConstraints(string route) =>
        string.Join('/', route.Split('/').Select(part => part.Contains(':', StringComparison.Ordinal) ? part[..part.IndexOf(':', StringComparison.Ordinal)] + "}" : part));
}
