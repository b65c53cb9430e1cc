using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Collect;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources import</c>: an Airbyte low-code manifest as a source, with what was imported, what has no effect and what must be set.</summary>
internal static class ImportSourcesCommand
{
    const int ShownNotes = 20;

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = "The manifest: YAML or JSON with 'type: DeclarativeSource'. Schemas in schemas/STREAM.json beside it are read." };
        var id = new Option<string?>("--id") { Description = "Id of the source; default made of the file's name or, for manifest.yaml, its folder's." };
        var config = new Option<string[]>("--config") { Description = "A value of the manifest's configuration as name=value, or a file of such values (YAML: 'name: value' lines). Secrets as ${NAME}.", AllowMultipleArgumentsPerToken = false };
        var stream = new Option<string[]>("--stream") { Description = "Only this stream; may be given several times. Default all that can run.", AllowMultipleArgumentsPerToken = false };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the files instead of writing them." };
        var command = new Command("import", "Make a source of an Airbyte low-code manifest: configs/manifests, configs/sources (not enabled) and configs/datasets.") { file, id, config, stream, dryRun };
        command.SetAction(async (parsed, _) =>
        {
            var configs = ConfiguredPlatform.ConfigsOf(environment);
            var result = ManifestImport.Plan(new()
            {
                File = environment.Resolve(parsed.GetRequiredValue(file)),
                Id = parsed.GetValue(id),
                Config = Values(environment, parsed.GetValue(config) ?? []),
                Streams = parsed.GetValue(stream) ?? [],
                ConfigsFolder = configs,
            });
            if (parsed.GetValue(dryRun))
                await PrintAsync(environment, result);
            else
                Write(configs, result);
            if (parsed.GetValue(options.Json))
                environment.WriteJson(new { result.Id, files = result.Files.Select(f => f.Path), result.Imported, refused = result.Refused.Select(r => new { r.Stream, r.Reason }), result.WithoutEffect, toSet = result.ToSet.Select(s => new { s.Name, s.What }), result.Remarks });
            else
                await ReportAsync(parsed.GetValue(dryRun) ? environment.Error : environment.Output, result, parsed.GetValue(dryRun));
            return ExitCodes.Ok;
        });
        return command;
    }

    static Dictionary<string, string> Values(CommandEnvironment environment, string[] given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in given)
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[entry[..equals]] = entry[(equals + 1)..];
                continue;
            }

            var read = ConfigurationFile.Read<ImportValues>(environment.Resolve(entry));
            if (read.Definition is null || read.Faults.Count > 0)
                throw new ConfigurationException(read.Faults);
            foreach (var (name, value) in read.Definition.Config)
                values[name] = value;
        }

        return values;
    }

    static void Write(string configs, ManifestImportResult result)
    {
        // The definition comes last: before it, nothing looks at the others.
        foreach (var (path, text) in result.Files.OrderBy(f => f.Path.StartsWith("sources/", StringComparison.Ordinal)))
        {
            var target = Path.Combine(configs, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var stream = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    static async Task PrintAsync(CommandEnvironment environment, ManifestImportResult result)
    {
        foreach (var (path, text) in result.Files.Skip(1)) // the manifest itself is as it was
            await environment.Output.WriteLineAsync($"# configs/{path}\n{text}");
    }

    static async Task ReportAsync(TextWriter output, ManifestImportResult result, bool isDryRun)
    {
        await output.WriteLineAsync($"{result.Id}: {result.Imported.Count} streams {(isDryRun ? "would be imported" : "imported")}: {string.Join(", ", result.Imported)}.");
        foreach (var (path, _) in result.Files)
            await output.WriteLineAsync($"  {(isDryRun ? "would write" : "wrote")} configs/{path}");
        foreach (var refused in result.Refused.GroupBy(r => r.Reason.Message))
            await output.WriteLineAsync($"Not imported: {string.Join(", ", refused.Select(r => r.Stream).Distinct())}: {refused.First().Reason}");
        if (result.ToSet.Count > 0)
            await output.WriteLineAsync("To be set before it runs:");
        foreach (var (name, what) in result.ToSet)
            await output.WriteLineAsync($"  {name}  {what}");
        foreach (var remark in result.Remarks)
            await output.WriteLineAsync(remark);

        var notes = result.WithoutEffect.GroupBy(n => n.Message).ToList();
        if (notes.Count > 0)
            await output.WriteLineAsync("Read, without effect:");
        foreach (var note in notes.Take(ShownNotes))
            await output.WriteLineAsync($"  line{(note.Count() > 1 ? "s" : "")} {string.Join(", ", note.Select(n => n.Line).Distinct().Take(10))}: {note.Key}");
        if (notes.Count > ShownNotes)
            await output.WriteLineAsync($"  and {notes.Count - ShownNotes} more: --json lists all.");
    }
}

/// <summary>A file of values for <c>--config</c>.</summary>
internal sealed record ImportValues
{
    /// <summary>The values by name.</summary>
    [Options]
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();
}
