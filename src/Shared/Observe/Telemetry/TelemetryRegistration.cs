using System.Reflection;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DataIngestion.Observe.Telemetry;

/// <summary>Registers the sending of traces, metrics and logs.</summary>
public static class TelemetryRegistration
{
    // What the platform does, and the worker's span around each invocation. Not System.Net.Http: addresses of sources can hold keys.
    static readonly string[] Sources = ["DataIngestion.*", "Microsoft.Azure.Functions.Worker"];

    extension(IServiceCollection services)
    {
        /// <summary>
        /// Sends traces, the meters <c>DataIngestion.*</c> and logs to Application Insights where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set (as the
        /// identity of <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>), and by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Adds nothing where neither is.
        /// </summary>
        /// <param name="app">The app's name.</param>
        /// <param name="configuration">The app's settings.</param>
        /// <param name="sends">Whether anything is sent.</param>
        public IServiceCollection AddTelemetry(string app, IConfiguration configuration, out bool sends)
        {
            var settings = new TelemetrySettings(configuration);
            sends = settings.Connection is not null || settings.HasOtlp;
            if (!sends)
                return services;

            var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            var telemetry = services.AddOpenTelemetry()
                .ConfigureResource(resource => resource
                    .AddService(settings.ServiceOf(app), serviceVersion: version, serviceInstanceId: settings.Instance)
                    .AddAttributes(settings.Attributes()))
                .WithTracing(traces => traces.AddSource(Sources))
                .WithMetrics(metrics => metrics.AddMeter("DataIngestion.*"))
                .WithLogging(configureBuilder: null, configureOptions: logs => logs.IncludeFormattedMessage = true);
            services.AddLogging(logs => logs
                .AddFilter<OpenTelemetryLoggerProvider>("Azure", LogLevel.Warning)
                .AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning)
                .AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning));

            if (settings.Connection is { } connection)
            {
                telemetry.UseAzureMonitorExporter(monitor =>
                {
                    monitor.ConnectionString = connection;
                    monitor.Credential = settings.Identity;
                    monitor.EnableTraceBasedLogsSampler = false; // an alert reads what is critical, whether its trace was kept or not
                    if (settings.Ratio is { } kept)
                        (monitor.SamplingRatio, monitor.TracesPerSecond) = (kept, null);
                    else
                        monitor.TracesPerSecond = 5;
                });
                services.AddSingleton<IHealthProbe>(provider => new TelemetryProbe(settings, provider.GetService<TelemetryTransport>()));
            }
            else if (settings.Ratio is { } ratio)
            {
                services.ConfigureOpenTelemetryTracerProvider(traces => traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio))));
            }

            if (settings.HasOtlp)
                telemetry.UseOtlpExporter();
            return services;
        }
    }
}
