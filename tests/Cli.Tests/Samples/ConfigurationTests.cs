using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Tests.Samples;

/// <summary>Holds configs/ and workflows/ against the loader and the samples.</summary>
public sealed class ConfigurationTests
{
    static readonly string Root = RepositoryRoot.Find(AppContext.BaseDirectory)!;

    static PlatformConfiguration Load() => ConfigurationLoader.Load(Path.Combine(Root, "configs"), Path.Combine(Root, "workflows"));

    [Fact]
    public void The_configuration_has_no_fault()
    {
        var configuration = Load();
        Assert.Superset(new HashSet<string> { "daily-bars", "fx-reference-rates", "trades", "treasury-par-yields" }, configuration.Datasets.Keys.ToHashSet());
        Assert.Superset(Enum.GetValues<SourceKind>().Except([SourceKind.Database]).ToHashSet(), configuration.Sources.Values.Select(s => s.Kind).ToHashSet());
        Assert.All(configuration.Sources.Values, source => Assert.Equal(source.Kind, configuration.WorkflowOf(source).For));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("later")]
    public void Every_sample_file_belongs_to_a_dataset_of_its_source(string round)
    {
        var configuration = Load();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "samples", round), "*", SearchOption.AllDirectories))
        {
            var source = configuration.Sources[Path.GetFileName(Path.GetDirectoryName(file)!)];
            Assert.Contains(source.Datasets, d => d.Files is { } pattern && FileNamePattern.IsMatch(pattern, Path.GetFileName(file)));
        }
    }

    [Fact]
    public async Task A_faulty_configuration_is_reported_with_file_and_line_and_exit_code_3()
    {
        using var cli = new CommandRun();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "workflows")))
            cli.Write($"workflows/{Path.GetFileName(file)}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        cli.Write("configs/sources/bars.yaml", "source: bars\nkind: file\ndatasets:\n  - dataset: bar\n    files: '*.csv'\n");
        cli.Write("configs/datasets/bars.yaml", "dataset: bars\nkeys: [day]\ncolumns:\n  date: { type: date }\n");

        Assert.Equal(ExitCodes.Configuration, await cli.RunAsync("sources", "check"));

        Assert.Contains("bars.yaml:4", cli.Fault, StringComparison.Ordinal);
        Assert.Contains("bars.yaml:2", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_configuration_is_counted()
    {
        using var cli = new CommandRun();
        cli.Settings["Ingestion__ConfigsPath"] = Path.Combine(Root, "configs");
        cli.Settings["Ingestion__WorkflowsPath"] = Path.Combine(Root, "workflows");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("sources", "check"));
        var configuration = Load();
        Assert.Equal($"{configuration.Sources.Count} sources, {configuration.Datasets.Count} datasets, {configuration.Workflows.Count} workflows and 0 samples are in order.", cli.Text.TrimEnd());
    }

    [Fact]
    public async Task Sources_are_listed_from_the_files_when_no_platform_runs()
    {
        using var cli = new CommandRun();
        cli.Settings["Ingestion__ConfigsPath"] = Path.Combine(Root, "configs");
        cli.Settings["Ingestion__WorkflowsPath"] = Path.Combine(Root, "workflows");
        cli.Settings["INGEST_URL"] = "http://127.0.0.1:1";
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("sources"));
        Assert.Contains("northfield-eod", cli.Text, StringComparison.Ordinal);
        Assert.Contains("No platform runs here", cli.Fault, StringComparison.Ordinal);
    }
}
