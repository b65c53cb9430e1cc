using DataIngestion.Agents.Commands;
using DataIngestion.Agents.Drops;
using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Govern;
using DataIngestion.Merge;
using DataIngestion.Observe;
using DataIngestion.Observe.Http;
using DataIngestion.Retry;
using DataIngestion.Schedule;
using DataIngestion.Storage;
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
                .AddSingleton<CommandRunner>()
                .AddSingleton<ReplySender>()
                .AddSingleton<DroppedFiles>();
            builder.UseMiddleware<UsageMiddleware>();
            return builder;
        }
    }
}
