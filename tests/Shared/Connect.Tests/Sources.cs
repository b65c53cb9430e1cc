using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect.Tests;

/// <summary>Sources that point at a test's server, and the services that ask them.</summary>
internal static class Sources
{
    public static readonly LimitsDefinition Quick = new()
    {
        RequestsPerSecond = 10_000,
        Burst = 1000,
        Backoff = TimeSpan.FromMilliseconds(1),
        AttemptTimeout = TimeSpan.FromSeconds(20),
        BreakerMinimumThroughput = 1000,
    };

    public static DateTimeOffset FromUnix(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static SourceDefinition At(Uri address, LimitsDefinition? limits = null, AuthenticationDefinition? auth = null, bool allowPrivate = true) => new()
    {
        Source = "vendor",
        Kind = SourceKind.Api,
        Connection = new() { BaseUrl = address.ToString(), Limits = limits ?? Quick, Auth = auth, AllowPrivateNetwork = allowPrivate },
    };

    public static ServiceProvider Services(
        TimeProvider? time = null, ResolveHost? resolve = null, ILoggerProvider? logs = null, Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
        if (time is not null)
            services.AddSingleton(time);
        if (resolve is not null)
            services.AddSingleton(resolve);
        services.AddLogging(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Trace);
            if (logs is not null)
                builder.AddProvider(logs);
        });
        services.AddConnect();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public static Task<SourceExchange<string>> GetTextAsync(this ISourceHttp http, SourceDefinition source, SourceRequest? request = null, CancellationToken? stop = null) =>
        http.SendAsync(
            source,
            request ?? new() { Path = "/data" },
            async (response, attempt) =>
            {
                using var reader = new StreamReader(response.Body);
                return await reader.ReadToEndAsync(attempt);
            },
            stop ?? TestContext.Current.CancellationToken);

    public static async Task<Failure> FailureOfAsync(Func<Task> action) => (await Assert.ThrowsAsync<StepFailedException>(action)).Failure;
}
