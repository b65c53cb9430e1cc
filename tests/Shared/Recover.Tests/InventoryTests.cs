using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Recover.Tests;

public sealed partial class InventoryTests
{
    [Fact]
    public void Every_container_queue_and_table_of_the_platform_has_an_answer_to_what_a_disaster_does_to_it()
    {
        Assert.Empty(Containers.All.Except(Of("container")));
        Assert.Empty(Queues.All.Except(Of("queue")));
        var tables = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Shared"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Recover{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(TablesIn).Distinct().ToList();
        Assert.Contains("deadletters", tables);
        Assert.Contains("QuotaAccounts", tables);
        Assert.Empty(tables.Except(Of("table")));
    }

    [Fact]
    public void Nothing_is_answered_twice_and_every_answer_has_a_reason()
    {
        Assert.Equal(Inventory.All.Count, Inventory.All.DistinctBy(t => (t.Kind, t.Name)).Count());
        Assert.All(Inventory.All, thing => Assert.EndsWith(".", thing.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void The_runbook_lists_the_same_answers()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks", "restore.md"));

        foreach (var thing in Inventory.All)
        {
            var fate = thing.Fate switch { Fate.BackedUp => "backed up", Fate.MadeAgain => "made again", _ => "lost" };
            Assert.Contains($"| {thing.Kind} | `{thing.Name}` | {fate} | {thing.Reason} |", page, StringComparison.Ordinal);
        }
    }

    static IEnumerable<string> Of(string kind) => Inventory.All.Where(t => t.Kind == kind).Select(t => t.Name);

    // A table's name stands where its client is made, or is a constant of that file.
    static IEnumerable<string> TablesIn(string file)
    {
        var text = File.ReadAllText(file);
        foreach (Match client in Clients().Matches(text))
        {
            var name = client.Groups["name"].Value;
            if (name.StartsWith('"'))
                yield return name.Trim('"');
            else if (Regex.Match(text, $"const string {Regex.Escape(name)} = \"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)) is { Success: true } constant)
                yield return constant.Groups["value"].Value;
        }
    }

    [GeneratedRegex("GetTableClient\\((?<name>\"[A-Za-z0-9]+\"|[A-Za-z]+)\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Clients();
}
