using DataIngestion.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Retry;

/// <summary>Registers retry decisions and dead letters; needs <c>AddStorage</c>.</summary>
public static class RetryRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="RetryAdvisor"/>, <see cref="DeadLetterStore"/> and <see cref="DeadLetterReplayer"/>.</summary>
        public IServiceCollection AddRetry()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddMetrics();
            services.TryAddSingleton(new RetryJitter());
            services.AddSingleton<RetryMetrics>();
            services.AddSingleton<DeadLetterStore>();
            services.AddSingleton<IStorageTable>(provider => provider.GetRequiredService<DeadLetterStore>());
            services.AddSingleton<DeadLetterReplayer>();
            services.AddSingleton<RetryAdvisor>();
            return services;
        }
    }
}
