using DataIngestion.Cli.Proposing;
using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Tests.Proposing;

/// <summary>The definitions of known sources are hidden, proposed from their samples, and compared field by field.</summary>
public sealed class ProposalScoreTests(ITestOutputHelper output)
{
    static readonly string Root = RepositoryRoot.Find(AppContext.BaseDirectory)!;

    [Fact]
    public async Task Four_fields_of_five_are_right()
    {
        var configuration = ConfigurationLoader.Load(Path.Combine(Root, "configs"), Path.Combine(Root, "workflows"));
        var proposer = new SourceProposer(FormatSpecifications.Load(Path.Combine(Root, "configs")));
        List<(string Source, string Dataset, ProposalScore.Line Line)> lines = [];
        List<string> unread = [];
        foreach (var sample in SampleFile.In(Root))
        {
            if (!configuration.Sources.TryGetValue(sample.Source, out var source) || source is not { Kind: SourceKind.Api, Manifest: null, IsAskedByHttp: true } || sample.Definition!.Runs.All(r => r.Exchanges.Count == 0))
                continue;
            var offered = source.Datasets.Single(d => d.Dataset == sample.Dataset);
            if (offered.Export is not null)
                continue; // jobs are not guessed from their answers
            try
            {
                var exchanges = RecordingReader.Read(sample.Path);
                var proposal = await proposer.ProposeAsync(exchanges, TestContext.Current.CancellationToken);
                lines.AddRange(ProposalScore.Compare(proposal, exchanges, Complete(source), offered, configuration.Datasets[sample.Dataset]).Select(l => (sample.Source, sample.Dataset, l)));
            }
            catch (CommandFailedException fault)
            {
                unread.Add($"{sample.Source} {sample.Dataset}: {fault.Message}");
            }
        }

        var share = (double)lines.Count(l => l.Line.IsRight) / lines.Count;
        foreach (var field in lines.GroupBy(l => l.Line.Field.Split(' ')[0] is "column" ? "column types" : l.Line.Field).OrderBy(g => g.Key, StringComparer.Ordinal))
            output.WriteLine($"{field.Key,-18} {field.Count(l => l.Line.IsRight),5} of {field.Count(),5}");
        output.WriteLine($"all                {lines.Count(l => l.Line.IsRight),5} of {lines.Count,5} ({share:P1}) of {lines.Select(l => (l.Source, l.Dataset)).Distinct().Count()} datasets; {unread.Count} could not be read");
        foreach (var wrong in lines.Where(l => !l.Line.IsRight && !l.Line.Field.StartsWith("column ", StringComparison.Ordinal)))
            output.WriteLine($"  {wrong.Source} {wrong.Dataset}: {wrong.Line.Field}: proposed '{wrong.Line.Proposed}', written '{wrong.Line.Written}'");
        foreach (var fault in unread)
            output.WriteLine($"  {fault}");

        Assert.True(lines.Count > 500, $"there were only {lines.Count} fields to compare");
        Assert.True(share >= 0.8, $"{share:P1} of the fields are right");

        // Columns are most of the fields; the others must hold on their own too.
        var others = lines.Where(l => !l.Line.Field.StartsWith("column ", StringComparison.Ordinal)).ToList();
        Assert.True(others.Count(l => l.Line.IsRight) >= 0.75 * others.Count, $"{(double)others.Count(l => l.Line.IsRight) / others.Count:P1} of the fields besides columns are right");
        Assert.True(unread.Count * 10 <= lines.Select(l => (l.Source, l.Dataset)).Distinct().Count(), string.Join('\n', unread));
    }

    // A template's kind and options stand where the source says nothing.
    static SourceDefinition Complete(SourceDefinition source)
    {
        if (source.Connection?.Auth is not { Template: { } template } auth)
            return source;
        var lines = File.ReadLines(Path.Combine(Root, "configs", "authentication-templates.yaml")).SkipWhile(l => l != $"  {template}:").Skip(1).TakeWhile(l => l.StartsWith("    ", StringComparison.Ordinal));
        var options = lines.Select(l => l.Split(':', 2)).ToDictionary(l => l[0].Trim(), l => l[1].Trim());
        foreach (var (name, value) in auth.Options)
            options[name] = value;
        return source with { Connection = source.Connection with { Auth = auth with { Kind = auth.Kind ?? options["kind"], Options = options } } };
    }
}
