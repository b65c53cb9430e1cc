using DataIngestion.Contracts;
using DataIngestion.Observe;
using DataIngestion.Observe.Http;
using DataIngestion.Observe.Settings;
using DataIngestion.Observe.Telemetry;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Orchestrators;

/// <summary>What the orchestrators' app is made of: contracts and storage, and no capability, since it moves references and never data.</summary>
public static class OrchestratorsRegistration
{
    extension(FunctionsApplicationBuilder builder)
    {
        /// <summary>Adds the managers and what they stand on.</summary>
        public FunctionsApplicationBuilder AddOrchestrators()
        {
            PlatformSettings.Check(builder.Configuration, Apps.Orchestrators);
            builder.Services
                .AddPlatformConfiguration()
                .AddStamp()
                .AddStorage()
                .AddObserve()
                .AddSingleton<RunMetrics>()
                .AddSingleton<ServiceEndpoints>();
            builder.Services.AddTelemetry("orchestrators", builder.Configuration, out var sends);
            if (sends) // so the host does not send the worker's logs a second time
                builder.Services.Configure<WorkerOptions>(worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
            builder.UseMiddleware<UsageMiddleware>();
            return builder;
        }
    }
}
