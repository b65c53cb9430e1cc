using DataIngestion.Agents.Commands;
using DataIngestion.Agents.Drops;
using DataIngestion.Agents.Events;
using DataIngestion.Agents.Health;
using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Govern;
using DataIngestion.Merge;
using DataIngestion.Observe;
using DataIngestion.Observe.Http;
using DataIngestion.Observe.Settings;
using DataIngestion.Observe.Telemetry;
using DataIngestion.Retry;
using DataIngestion.Schedule;
using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Agents;

/// <summary>What the agents' app is made of: every capability. It is a client of the task hub and never a worker.</summary>
public static class AgentsRegistration
{
    extension(FunctionsApplicationBuilder builder)
    {
        /// <summary>Adds the agents and the capabilities they call.</summary>
        public FunctionsApplicationBuilder AddAgents()
        {
            PlatformSettings.Check(builder.Configuration, Apps.Agents);
            builder.Services
                .AddPlatformConfiguration()
                .AddStamp()
                .AddStorage()
                .AddConnect()
                .AddCollect()
                .AddConvert()
                .AddMerge()
                .AddGovern()
                .AddRetry()
                .AddSchedule()
                .AddObserve()
                .AddSingleton<ServiceEndpoints>()
                .AddSingleton<Lookout>()
                .AddSingleton<StepMetrics>()
                .AddSingleton<StepBaselines>()
                .AddSingleton<CommandRunner>()
                .AddSingleton<ReplySender>()
                .AddHostedService<OutboxNotice>()
                .AddSingleton<DroppedFiles>()
                .AddSingleton<EventHubsAccess>()
                .AddSingleton<IHealthProbe, VaultSecretsProbe>()
                .AddSingleton<IHealthProbe, VaultKeyProbe>()
                .AddSingleton<IHealthProbe, EventHubsProbe>();
            builder.Services.AddTelemetry("agents", builder.Configuration, out var sends);
            if (sends) // so the host does not send the worker's logs a second time
                builder.Services.Configure<WorkerOptions>(worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
            builder.UseMiddleware<UsageMiddleware>();
            return builder;
        }
    }
}
