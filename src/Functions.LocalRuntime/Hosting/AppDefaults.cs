using System.Diagnostics;
using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>The layers an app put around its invocations, outermost first.</summary>
internal sealed record MiddlewareList(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Layers);

/// <summary>What every app starts with, whether it runs on its own or beside others.</summary>
internal static class AppDefaults
{
    public static HostApplicationBuilder CreateBuilder(string[]? args)
    {
        var environment = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environments.Development;

        // Not the generic host's defaults: appsettings.json and the working folder belong to whoever starts the process,
        // and several apps share it here.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddEnvironmentVariables();
        if (args is { Length: > 0 })
            builder.Configuration.AddCommandLine(args);

        // A service that cannot be made is found at start, not in the middle of a message.
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
        AddServices(builder.Services);
        return builder;
    }

    static void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new DiagnosticListener("DataIngestion.LocalRuntime"));
        services.AddSingleton<DiagnosticSource>(provider => provider.GetRequiredService<DiagnosticListener>());
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>()
            .PostConfigure<IOptions<JsonSerializerOptions>>((worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));
    }

    /// <summary>The console, as the Functions host writes it, unless the caller said otherwise.</summary>
    public static void AddLogging(ILoggingBuilder logging, Action<ILoggingBuilder>? configure)
    {
        if (configure is not null)
        {
            configure(logging);
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Azure", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
    }
}
