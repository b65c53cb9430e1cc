using System.CommandLine;
using System.Globalization;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Shipping;
using DataIngestion.Cli.Shipping.Starting;
using Spectre.Console;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure package</c>: how large the packages are, what makes them so, and how fast they start.</summary>
internal static class PackageCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var check = new Option<bool>("--check") { Description = "Fail when a package is larger, or starts later, than it may." };
        var top = NumberOption.Create("--top", "N", "How many origins to list for each package; default 15.", 15, 0, 1000);
        var runs = NumberOption.Create("--runs", "N", "How many starts to measure; 0 measures none. Default 5.", 5, 0, 100);
        var command = new Command("package", "Measure the packages that 'publish' made: size by origin, and the time from process start until the worker has told its functions, of a rehearsal until the startup probe passes.") { check, top, runs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = new ShippingFolder(environment);
            var cold = new ColdStart(environment, new Tools(environment));
            var faults = new List<string>();
            foreach (var app in FunctionApp.All)
            {
                var manifest = await PackageManifest.ReadAsync(folder, app, cancellationToken);
                var starts = await cold.MeasureAsync(app, manifest, parsed.GetValue(runs), cancellationToken);
                faults.AddRange(PackageGoals.FaultsOf(app, manifest, starts));
                if (parsed.GetValue(options.Json))
                    Write(environment, manifest, starts);
                else
                    Print(environment, app, manifest, starts, parsed.GetValue(top));
            }

            foreach (var fault in faults)
                await environment.Error.WriteLineAsync($"ingest: {fault}");
            return parsed.GetValue(check) && faults.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    static void Write(CommandEnvironment environment, PackageManifest manifest, IReadOnlyList<StartTime> starts) => environment.WriteJson(new
    {
        manifest.App,
        manifest.Host,
        manifest.Bytes,
        origins = PackageGoals.OriginsOf(manifest),
        starts = starts.Select(s => new { toldMs = s.Told?.TotalMilliseconds, readyMs = s.Ready.TotalMilliseconds, processorMs = s.Processor.TotalMilliseconds }),
    });

    static void Print(CommandEnvironment environment, FunctionApp app, PackageManifest manifest, IReadOnlyList<StartTime> starts, int top)
    {
        var console = environment.CreateConsole();
        var origins = PackageGoals.OriginsOf(manifest);
        console.WriteLine($"{app.Name}: {Megabytes(manifest.Bytes)} MB of {Megabytes(app.MostBytes)} MB, {manifest.Files.Count} files{(manifest.Host is FunctionsHost.Local ? ", a rehearsal with the local runtime" : "")}");
        var table = Tables.Create("origin", "#files", "#MB unpacked", "#MB");
        foreach (var origin in origins.Take(top))
            table.Add(origin.From, Tables.Count(origin.Files), Megabytes(origin.Bytes), Megabytes(origin.Packed));
        if (origins.Count > top)
        {
            var rest = origins.Skip(top).ToList();
            table.Add($"{rest.Count} others", Tables.Count(rest.Sum(o => o.Files)), Megabytes(rest.Sum(o => o.Bytes)), Megabytes(rest.Sum(o => o.Packed)));
        }

        console.Write(table);
        if (starts.Count == 0)
            return;
        var median = ColdStart.MedianOf(starts);
        var told = median.Told is { } functions ? $" (its functions told after {Tables.Seconds(functions)} s)" : "";
        console.WriteLine(
            $"{app.Name}: started in {Tables.Seconds(median.Ready)} s{told}, median of {starts.Count}, {median.Processor.TotalSeconds:0.0} s of processor time; "
            + $"all: {string.Join(", ", starts.Select(s => s.Ready.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)))} s");
    }

    static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
