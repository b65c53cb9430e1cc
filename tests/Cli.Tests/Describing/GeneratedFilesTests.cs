using DataIngestion.Cli.Commands;
using DataIngestion.Cli.Describing;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Describing;

/// <summary>Holds what is committed against what the code and the definitions say.</summary>
public sealed class GeneratedFilesTests : IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_pages_of_connectors_are_current() => AssertCurrent(DocsCommand.Connectors(_run.Environment with { Root = Repository.Root }));

    [Fact]
    public void The_schemas_are_current() => AssertCurrent(DocsCommand.Schemas(_run.Environment with { Root = Repository.Root }));

    [Fact]
    public void Links_of_pages_lead_somewhere()
    {
        var files = DocsCommand.Connectors(_run.Environment with { Root = Repository.Root });
        foreach (var (name, text) in files.Files)
        {
            // What is between fences is an example.
            var prose = string.Concat(text.Split("```").Where((_, i) => i % 2 == 0));
            var folder = Path.GetDirectoryName(Path.Combine(files.Root, name))!;
            foreach (var target in prose.Split("](").Skip(1).Select(t => t[..t.IndexOf(')', StringComparison.Ordinal)].Split('#')[0]).Where(t => t.Length > 0 && !t.Contains(':', StringComparison.Ordinal)))
                Assert.True(Path.Exists(Path.GetFullPath(target, folder)), $"docs/connectors/{name} has a link to '{target}', where nothing is.");
        }
    }

    [Fact]
    public async Task What_is_not_current_is_named_and_written_anew()
    {
        _run.Settings["Ingestion__ConfigsPath"] = Path.Combine(Repository.Root, "configs");
        Assert.Equal(ExitCodes.Failed, await _run.RunAsync("docs", "schema", "--check"));
        Assert.Contains("configs/schema/source.schema.json", _run.Fault, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("docs", "schema"));
        _run.Write("configs/schema/left.over", "");
        Assert.Equal(ExitCodes.Failed, await _run.RunAsync("docs", "schema", "--check"));
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("docs", "schema"));
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("docs", "schema", "--check"));
        Assert.DoesNotContain("configs/schema/left.over", _run.Files());
    }

    static void AssertCurrent(GeneratedFiles files) =>
        Assert.True(files.Outdated().Count == 0, $"Run './ingest docs' and commit what it writes: {string.Join(", ", files.Outdated().Take(10))} below {files.Root} {(files.Outdated().Count == 1 ? "is" : "are")} not current.");
}
