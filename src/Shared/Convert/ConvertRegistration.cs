using DataIngestion.Contracts;
using DataIngestion.Conversion.Runs;
using DataIngestion.Conversion.Specifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Conversion;

/// <summary>Registers conversion.</summary>
public static class ConvertRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds format recognition, what formats take as configured, the converter and the conversion of whole runs.</summary>
        public IServiceCollection AddConvert()
        {
            services.TryAddSingleton<IFormatRecognizer, FormatRecognizer>();
            services.TryAddSingleton(provider => FormatSpecifications.Load(provider.GetService<PlatformConfiguration>()?.Folder));
            services.TryAddSingleton(provider => new Converter(provider.GetRequiredService<IFormatRecognizer>(), provider.GetRequiredService<FormatSpecifications>()));
            services.TryAddSingleton<RunConverter>();
            services.AddSingleton<ConfigurationCheck>(ConversionChecks.Find);
            return services;
        }
    }
}
