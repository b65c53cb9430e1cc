using System.Reflection;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Configures one function app: settings, services, logging, middleware.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    readonly HostApplicationBuilder _builder;
    readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    bool _built;

    internal FunctionsApplicationBuilder(string[]? args) => _builder = AppDefaults.CreateBuilder(args);

    /// <inheritdoc/>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_builder).Properties;

    /// <summary>The app's settings.</summary>
    public ConfigurationManager Configuration => _builder.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => _builder.Environment;

    /// <inheritdoc/>
    public ILoggingBuilder Logging => _builder.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => _builder.Metrics;

    /// <inheritdoc cref="IFunctionsWorkerApplicationBuilder.Services"/>
    public IServiceCollection Services => _builder.Services;

    /// <inheritdoc/>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => _builder.ConfigureContainer(factory, configure);

    /// <inheritdoc/>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        if (_built)
            throw new InvalidOperationException("The application has already been built.");
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>An app that runs on its own in the local runtime: data under <c>.local</c> of the working folder, port 7071, unless configured otherwise.</summary>
    public IHost Build()
    {
        StandaloneApp.AddTo(this, Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("There is no entry assembly to take functions from."));
        return BuildForHost();
    }

    /// <summary>The app's container and services, without a runtime around it.</summary>
    internal IHost BuildForHost()
    {
        if (_built)
            throw new InvalidOperationException("The application has already been built.");
        _built = true;
        _builder.Services.AddSingleton(new MiddlewareList([.. _middleware]));
        return _builder.Build();
    }
}

/// <summary>The ASP.NET Core integration of an app.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets functions take <c>HttpRequest</c> and return <c>IActionResult</c>.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IWebHostEnvironment, AppWebEnvironment>();
        builder.Services.AddMvcCore();
        return builder;
    }
}
