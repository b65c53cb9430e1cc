using DataIngestion.Contracts;
using DataIngestion.Observe;
using DataIngestion.Observe.Http;
using DataIngestion.Storage;
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
            builder.Services
                .AddPlatformConfiguration()
                .AddStamp()
                .AddStorage()
                .AddObserve()
                .AddSingleton<ServiceEndpoints>();
            builder.UseMiddleware<UsageMiddleware>();
            return builder;
        }
    }
}
