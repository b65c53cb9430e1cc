using DataIngestion.Contracts;
using DataIngestion.Conversion.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Conversion;

/// <summary>Registers conversion.</summary>
public static class ConvertRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds format recognition, the converter and the conversion of whole runs.</summary>
        public IServiceCollection AddConvert()
        {
            services.TryAddSingleton<IFormatRecognizer, FormatRecognizer>();
            services.TryAddSingleton<Converter>();
            services.TryAddSingleton<RunConverter>();
            services.AddSingleton<ConfigurationCheck>(ConversionChecks.Find);
            return services;
        }
    }
}
