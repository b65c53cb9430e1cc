using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataIngestion.Cli.Describing;
using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest docs [connectors|schema]</c>: writes what follows from the code and the definitions.</summary>
internal static class DocsCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when something is not current.", Recursive = true };
        var command = new Command("docs", "Write docs/connectors and configs/schema anew, from the definitions and the code.")
        {
            Part("connectors", "Write docs/connectors anew: a page for each source and system, and the language of definitions.", () => [Connectors(environment)]),
            Part("schema", "Write configs/schema anew: JSON Schemas of definitions, workflows and samples, for editors.", () => [Schemas(environment)]),
        };
        command.Options.Add(check);
        command.SetAction((parsed, _) => RunAsync([Schemas(environment), Connectors(environment)], parsed));
        return command;

        Command Part(string name, string description, Func<IReadOnlyList<GeneratedFiles>> files)
        {
            var part = new Command(name, description);
            part.SetAction((parsed, _) => RunAsync(files(), parsed));
            return part;
        }

        async Task<int> RunAsync(IReadOnlyList<GeneratedFiles> all, ParseResult parsed)
        {
            var json = parsed.GetValue(options.Json);
            if (parsed.GetValue(check))
            {
                List<string> outdated = [.. all.SelectMany(f => f.Outdated().Select(name => Shown(environment, f.Root, name)))];
                if (json)
                    environment.WriteJson(new { outdated });
                else if (outdated.Count == 0)
                    await environment.Output.WriteLineAsync("Everything is current.");
                return outdated.Count == 0 ? ExitCodes.Ok : json ? ExitCodes.Failed
                    : throw new CommandFailedException(ExitCodes.Failed, $"not current: {string.Join(", ", outdated)}. Run './ingest docs' and commit what it writes.");
            }

            foreach (var files in all)
            {
                var written = files.Write();
                if (json)
                    environment.WriteJson(new { folder = Shown(environment, files.Root, ""), files = files.Files.Count, written });
                else
                    await environment.Output.WriteLineAsync($"{Shown(environment, files.Root, "")}: {files.Files.Count} files, {written} of them new or changed.");
            }

            return ExitCodes.Ok;
        }
    }

    /// <summary>The pages of <c>docs/connectors</c>.</summary>
    internal static GeneratedFiles Connectors(CommandEnvironment environment) => ConnectorPages.Of(ConfiguredPlatform.Load(environment), environment.Root);

    /// <summary>The schemas of <c>configs/schema</c>.</summary>
    internal static GeneratedFiles Schemas(CommandEnvironment environment)
    {
        var schemas = new JsonSchemas(new DocComments(), ConnectCatalogue.Of(ConfiguredPlatform.ConfigsOf(environment))).All();
        return new(
            Path.Combine(environment.Root, "configs", "schema"),
            schemas.ToDictionary(s => s.Key, s => s.Value.ToJsonString(Indented) + "\n", StringComparer.Ordinal),
            new HashSet<string>());
    }

    static string Shown(CommandEnvironment environment, string folder, string name) => Path.GetRelativePath(environment.Root, Path.Combine(folder, name)).Replace('\\', '/').TrimEnd('/');
}
