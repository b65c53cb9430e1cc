using DataIngestion.Cli;
using Microsoft.Extensions.DependencyInjection;

using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
return await CommandLine.RunAsync(args, new CommandEnvironment
{
    Output = Console.Out,
    Error = Console.Error,
    Root = Environment.GetEnvironmentVariable("INGEST_ROOT") ?? RepositoryRoot.Find(AppContext.BaseDirectory) ?? Environment.CurrentDirectory,
    Directory = Environment.CurrentDirectory,
    Setting = Environment.GetEnvironmentVariable,
    Time = TimeProvider.System,
    Http = services.GetRequiredService<IHttpClientFactory>(),
    IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
});
