using System.CommandLine;
using System.Text.RegularExpressions;
using DataIngestion.Cli;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Workflows;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests;

public sealed partial class WorkflowTests
{
    static readonly string[] OfTheShell = ["test", "bench"];

    public static TheoryData<string> Names { get; } = [.. Workflow.All.Select(w => w.Name)];

    [Theory, MemberData(nameof(Names))]
    public void It_has_the_permissions_it_names_and_no_more(string name)
    {
        var workflow = Find(name);
        Assert.NotNull(workflow.Yaml.Find("permissions"));
        Assert.DoesNotContain("write", workflow.Yaml.Map("permissions").Values.Select(p => p.Node.ToString()));
        Assert.DoesNotContain("write-all", workflow.Source);
        Assert.DoesNotContain("pull_request_target", workflow.Source);
        // Only jobs of an environment, or of the package's attestation, prove who they are.
        Report.Nothing(workflow.Jobs
            .Where(j => j.Value.Text("permissions.id-token") == "write" && j.Value.Text("uses") is null && j.Value.Find("environment") is null && j.Value.Text("permissions.attestations") != "write")
            .Select(j => $"{name}: the job '{j.Key}' may ask for a token but belongs to no environment."));
    }

    [Theory, MemberData(nameof(Names))]
    public void It_ends_and_does_not_run_twice_at_once(string name)
    {
        var workflow = Find(name);
        if (workflow.Yaml.Find("on.workflow_call") is null)
            Assert.NotNull(workflow.Yaml.Find("concurrency"));
        Report.Nothing(workflow.Jobs.Where(j => j.Value.Text("uses") is null && j.Value.Text("timeout-minutes") is null).Select(j => $"{name}: the job '{j.Key}' has no timeout-minutes."));
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_actions_are_fixed(string name)
    {
        var workflow = Find(name);
        Report.Nothing(workflow.Uses.Where(u => !u.StartsWith("./", StringComparison.Ordinal) && !Commit().IsMatch(u)).Select(u => $"{name}: {u} is not fixed to a commit."));
        Report.Nothing(workflow.Uses.Where(u => u.StartsWith("./", StringComparison.Ordinal) && !File.Exists(Path.Combine(Repository.Root, u))).Select(u => $"{name}: {u} does not exist."));
        Report.Nothing(workflow.Source.Split('\n').Where(l => l.Contains("uses:", StringComparison.Ordinal) && l.Contains('@') && !Commented().IsMatch(l)).Select(l => $"{name}: '{l.Trim()}' does not say which version that is."));
    }

    [Fact]
    public void One_action_has_one_version_everywhere() =>
        Report.Nothing(Workflow.All.SelectMany(w => w.Uses).Where(u => u.Contains('@')).Distinct().GroupBy(u => u[..u.IndexOf('@')], StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => $"{g.Key} is used in {g.Count()} versions."));

    [Theory, MemberData(nameof(Names))]
    public void What_it_asks_of_ingest_exists(string name)
    {
        var root = CommandLine.Build(new CommandEnvironment { Output = TextWriter.Null, Error = TextWriter.Null, Root = Repository.Root, Directory = Repository.Root, Setting = _ => null, Time = TimeProvider.System, Http = null!, IsTerminal = false });
        Report.Nothing(
            from script in Find(name).Scripts
            from call in IngestCalls(script)
            let words = Words(call)
            where !OfTheShell.Contains(words.FirstOrDefault())
            from error in root.Parse(words).Errors
            select $"{name}: './ingest {call}': {error.Message}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Files_and_environments_that_it_names_exist(string name)
    {
        var workflow = Find(name);
        Report.Nothing(
            from script in workflow.Scripts
            from Match file in OwnFile().Matches(script)
            where !file.Value.Contains('$') && !File.Exists(Path.Combine(Repository.Root, file.Value))
            select $"{name}: {file.Value} does not exist.");
        Report.Nothing(
            from job in workflow.Jobs
            let environment = job.Value.Text("with.environment")
            where environment is not null && !environment.Contains("${{") && !Infrastructure.Environments.Contains(environment)
            select $"{name}: the job '{job.Key}' deploys to '{environment}', which has no parameter file.");
    }

    [Theory, MemberData(nameof(Names))]
    public void No_expression_goes_into_a_shell(string name) =>
        Report.Nothing(Find(name).Scripts.Where(s => s.Contains("${{", StringComparison.Ordinal)).Select(s => $"{name}: a script holds an expression, which is pasted unquoted; pass it through env: {s.Split('\n')[0]}"));

    [Fact]
    public void Nothing_is_secret()
    {
        // Identities are federated: a token for each run, for one environment, of this repository.
        Report.Nothing(Workflow.All.Where(w => w.Source.Contains("secrets.", StringComparison.Ordinal)).Select(w => $"{w.Name} reads a secret; let the identity of the environment do it."));
        Report.Nothing(Workflow.All.SelectMany(w => w.Steps.Where(s => s.Text("uses")?.StartsWith("azure/login@", StringComparison.Ordinal) is true && s.Find("with.creds") is not null).Select(_ => $"{w.Name} signs in with a password.")));
    }

    [Fact]
    public void Every_variable_is_documented()
    {
        var manual = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks", "workflows.md"));
        Report.Nothing(Workflow.All.SelectMany(w => w.Variables.Where(v => !manual.Contains($"`{v}`", StringComparison.Ordinal)).Select(v => $"{w.Name} reads the variable {v}, which docs/runbooks/workflows.md does not explain.")));
    }

    // Variables of the shell whose values are checked, and one of their values.
    static readonly Dictionary<string, string> Standing = new()
    {
        ["$NAME"] = "dev",
        ["$NEW"] = "green",
        ["$OLD"] = "blue",
        ["$before"] = "blue",
        ["$STAMP"] = "blue",
        ["$CANARY"] = "0-10",
    };

    static Workflow Find(string name) => Workflow.All.Single(w => w.Name == name);

    static IEnumerable<string> IngestCalls(string script) =>
        IngestCall().Matches(script.Replace("\\\n", " ", StringComparison.Ordinal)).Select(m => m.Groups["call"].Value.Trim());

    static string[] Words(string call) => [.. Word().Matches(call).Select(m => m.Value.Trim('"', '\'')).Select(w => Standing.GetValueOrDefault(w, w))];

    [GeneratedRegex(@"@[0-9a-f]{40}$", RegexOptions.None, 1000)]
    private static partial Regex Commit();

    [GeneratedRegex(@"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", RegexOptions.None, 1000)]
    private static partial Regex Commented();

    [GeneratedRegex(@"\./ingest (?<call>[^|>;&)\n]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IngestCall();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\\S+", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w/.$-])(?:eng|infra|\.ci)/[\w./$-]+", RegexOptions.None, 1000)]
    private static partial Regex OwnFile();
}
