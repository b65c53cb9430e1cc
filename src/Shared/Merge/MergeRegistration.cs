using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Merge;

/// <summary>Registers the merger. It stands on <c>AddStorage()</c>.</summary>
public static class MergeRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="Merger"/> with its options from the section <c>Merge</c>.</summary>
        public IServiceCollection AddMerge()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddOptions<MergerOptions>().BindConfiguration("Merge").ValidateDataAnnotations().ValidateOnStart();
            services.TryAddSingleton<Merger>();
            return services;
        }
    }
}
