using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Schedule;

/// <summary>Registers the scheduler; needs <c>AddStorage</c> and <c>AddStamp</c>.</summary>
public static class ScheduleRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="Scheduler"/>, which follows the share of the sources in <c>Ingestion:ScheduleShare</c>, <see cref="ServiceLevels"/> and the check of cron expressions and time zones.</summary>
        public IServiceCollection AddSchedule()
        {
            services.AddMetrics();
            services.AddSingleton<ScheduleMetrics>();
            services.AddSingleton<ConfigurationCheck>(ScheduleChecks.Find);
            services.AddSingleton<ServiceLevels>();
            return services.AddSingleton<Scheduler>();
        }
    }
}
