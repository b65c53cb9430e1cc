using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DataIngestion.Agents;
using DataIngestion.Connect;
using DataIngestion.Observe;
using DataIngestion.Orchestrators;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Infra.Tests.Monitoring;

/// <summary>The instruments that the two apps create, found by creating everything in them that takes a factory of meters.</summary>
internal static class Instruments
{
    // The local runtime measures itself; it is never deployed.
    const string Undeployed = "DataIngestion.LocalRuntime";

    public static IReadOnlyDictionary<string, Instrument> All { get; } = Find();

    static ConcurrentDictionary<string, Instrument> Find()
    {
        var found = new ConcurrentDictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("DataIngestion.", StringComparison.Ordinal) && instrument.Meter.Name != Undeployed)
                found[instrument.Name] = instrument;
        };
        listener.Start();
        Create(builder => builder.AddAgents());
        Create(builder => builder.AddOrchestrators());
        return found;
    }

    static void Create(Action<FunctionsApplicationBuilder> add)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", "UseDevelopmentStorage=true"), new("SchedulerInterval", "*/10 * * * * *")]);
        add(builder);
        var services = builder.Services.BuildServiceProvider(); // left as it is: what is disposed measures nothing
        foreach (var type in builder.Services.Select(s => s.IsKeyedService ? null : s.ImplementationType).OfType<Type>().Distinct().Where(TakesMeters))
            ActivatorUtilities.GetServiceOrCreateInstance(services, type);
        services.GetRequiredService<MetricsExporter>();
        services.GetService<ISourceConnections>(); // observes once it is there
    }

    static bool TakesMeters(Type type) =>
        type.Namespace?.StartsWith("DataIngestion.", StringComparison.Ordinal) is true && type.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(IMeterFactory)));
}
