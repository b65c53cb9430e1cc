using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Reading;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources consent</c>: a person lets us read a source in their name; the token goes to the platform's storage, sealed.</summary>
internal static class ConsentCommand
{
    static readonly string[] SettingNames = ["Ingestion__TokenKey", "Ingestion__TokenKeyFile", "Ingestion__SecretFolders", "Ingestion__EncryptionKey", "KeyVault__uri", "KeyVault__clientId", "KeyVault__credential", "AZURE_CLIENT_ID"];

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string>("source") { Description = "A source whose 'auth' has the grant authorization-code or device-code." };
        var command = new Command("consent", "Let the platform read a source in your name: prints the page to open, waits for your consent, and keeps the token sealed.") { source };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetValue(source)!;
            var configuration = ConfiguredPlatform.Load(environment);
            if (!configuration.Sources.TryGetValue(id, out var definition))
                throw new CommandFailedException(ExitCodes.NotFound, $"There is no source '{id}': {Suggestion.Phrase(id, [.. configuration.Sources.Keys])}");

            await using var lake = await Lake.OpenAsync(environment, parsed.GetValue(options.Data), cancellationToken);
            await using var services = new ServiceCollection()
                .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(Settings(environment)).Build())
                .AddSingleton(configuration).AddSingleton(lake.Clients).AddSingleton(environment.Time)
                .AddConnect()
                .BuildServiceProvider();
            var json = parsed.GetValue(options.Json);
            var result = await services.GetRequiredService<Consents>().AskAsync(definition, prompt => Show(environment, prompt), cancellationToken);
            if (json)
                environment.WriteJson(new { source = id, result.Lasts, result.TokenLifetime });
            else
                await environment.Output.WriteLineAsync(result.Lasts
                    ? $"{id}: consent is given; tokens are renewed from now on without you."
                    : $"{id}: consent is given for {result.TokenLifetime}: the issuer gave no refresh token. Some give one for a scope such as 'offline_access'.");
            return ExitCodes.Ok;
        });
        return command;
    }

    // What the person has to do is no result: it goes where remarks go, so that --json stays clean.
    static void Show(CommandEnvironment environment, ConsentPrompt prompt)
    {
        environment.Error.WriteLine(prompt.Code is null ? "Open this page in a browser on this machine and consent:" : $"Open this page on any device and enter {prompt.Code}:");
        environment.Error.WriteLine(prompt.Address.AbsoluteUri);
        environment.Error.WriteLine($"Waiting until {prompt.Until.ToLocalTime():HH:mm}. Ctrl-C stops.");
    }

    // The same settings as the platform has, whatever the environment that a test gives.
    static IEnumerable<KeyValuePair<string, string?>> Settings(CommandEnvironment environment) =>
        from name in SettingNames
        let value = environment.Setting(name)
        where value is not null
        select KeyValuePair.Create(name.Replace("__", ":", StringComparison.Ordinal), (string?)value);
}
