using System.CommandLine;
using System.Text.RegularExpressions;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests;

/// <summary>What documents tell people to type exists.</summary>
public sealed partial class DocumentedCommandsTests
{
    // What the shell script 'ingest' does itself.
    static readonly string[] OfScript = ["test", "bench"];

    public static TheoryData<string> Pages =>
        [.. new[] { "docs", "infra", ".github" }.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".md" or ".yml" or ".yaml" && !file.Contains("/docs/connectors/", StringComparison.Ordinal) && Commands().IsMatch(File.ReadAllText(file)))
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_and_option_that_a_page_tells_people_to_type_exists(string page)
    {
        using var run = new CommandRun();
        var root = CommandLine.Build(run.Environment);
        var text = File.ReadAllText(Path.Combine(Repository.Root, page)).Replace("\\\n", " ", StringComparison.Ordinal);

        var faults = Commands().Matches(text).Select(m => m.Groups["words"].Value).Select(words => (words, fault: FaultOf(root, words))).Where(c => c.fault is not null);

        Assert.Empty(faults.Select(c => $"./ingest {c.words}: {c.fault}"));
    }

    [Theory]
    [InlineData("backup --to DIR --verify", null)]
    [InlineData("azure drain --url \"$URL\" --timeout 2h", null)]
    [InlineData("test Storage", null)]
    [InlineData("--help", null)]
    [InlineData("backup --two DIR", "there is no option '--two'")]
    [InlineData("azure drown", "there is no command 'drown'")]
    [InlineData("bakcup", "there is no command 'bakcup'")]
    public void Such_a_command_is_judged(string words, string? fault) => Assert.Equal(fault, FaultOf(CommandLine.Build(new CommandRun().Environment), words));

    static string? FaultOf(Command root, string words)
    {
        var parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0 || OfScript.Contains(parts[0]))
            return null;
        var options = new HashSet<string>(StringComparer.Ordinal) { "--help", "-h", "-?", "--version" };
        var at = root;
        AddOptions(at);
        var rest = parts.AsEnumerable();
        while (rest.FirstOrDefault() is { } word && at.Subcommands.FirstOrDefault(c => c.Name == word) is { } below)
        {
            at = below;
            AddOptions(at);
            rest = rest.Skip(1);
        }

        // A command that takes nothing itself must be one of its commands.
        if (at.Subcommands.Count > 0 && at.Arguments.Count == 0 && rest.FirstOrDefault() is { } unknown && !unknown.StartsWith('-') && char.IsAsciiLetterLower(unknown[0]))
            return $"there is no command '{unknown}'";
        return rest.Select(w => w.Split('=')[0]).FirstOrDefault(w => w.StartsWith("--", StringComparison.Ordinal) && w.Length > 2 && !options.Contains(w)) is { } missing ? $"there is no option '{missing}'" : null;

        void AddOptions(Command command)
        {
            foreach (var option in command.Options)
                options.UnionWith([option.Name, .. option.Aliases]);
        }
    }

    [GeneratedRegex(@"\./ingest (?<words>[^`\n|;&>)]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Commands();
}
