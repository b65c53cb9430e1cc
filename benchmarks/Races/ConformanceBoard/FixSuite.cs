using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Fix;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>QuickFIX's acceptance scenarios: every message is read, and one with a fault is rejected for that fault. Right is a scenario whose messages all are.</summary>
internal sealed class FixSuite : IConformanceSuite
{
    /// <summary>What DefaultApplVerID says in the scenarios of a folder.</summary>
    static readonly Dictionary<string, string> Applications = new(StringComparer.Ordinal) { ["fix50"] = "FIX.5.0", ["fix50sp1"] = "FIX.5.0SP1", ["fix50sp2"] = "FIX.5.0SP2" };

    public string Name => "fix";

    public string Folder => "fix/acceptance_messages";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.def", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var application = Applications.GetValueOrDefault(Path.GetFileName(Path.GetDirectoryName(path)!), "FIX.5.0SP2");
            yield return await ConformanceCase.ReadingAsync(Path.GetRelativePath(folder, path), () => CompareAsync(FixScenario.Read(path), application, cancellationToken));
        }
    }

    static async Task<string?> CompareAsync(IReadOnlyList<FixScenarioMessage> messages, string application, CancellationToken cancellationToken)
    {
        foreach (var lenient in new[] { false, true })
        {
            var some = messages.Where(m => m.IsLenient == lenient).ToList();
            if (some.Count == 0)
                continue;
            var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["validate"] = lenient ? "false" : "true", ["application-version"] = application };
            var log = Encoding.Latin1.GetBytes(string.Concat(some.Select(m => m.Text + "\n")));
            var read = await ReadTable.OfAsync(() => new MemoryStream(log), new() { Hint = new() { Format = "fix", Options = options } }, cancellationToken);
            if (Difference(some, read) is { } difference)
                return difference;
        }

        return null;
    }

    static string? Difference(List<FixScenarioMessage> messages, ReadTable read)
    {
        if (read.Result.RowsIn != messages.Count)
            return $"{messages.Count} messages expected, {read.Result.RowsIn} found";
        for (var i = 0; i < messages.Count; i++)
        {
            var found = read.Rejected.Select(r => (RejectedRow?)r).FirstOrDefault(r => r!.Value.Line == i + 1);
            var expected = messages[i];
            var isRight = found is null ? expected.Rules.Count == 0 : expected.Rules.Contains(found.Value.Rule) && (expected.Tag == 0 || found.Value.Column == NameOf(expected.Tag) || found.Value.Column == $"Tag{expected.Tag}");
            if (!isRight)
                return $"message {i + 1}: expected {(expected.Rules.Count == 0 ? "valid" : string.Join(" or ", expected.Rules))} {expected.Tag}, found {(found is null ? "valid" : $"{found.Value.Rule} {found.Value.Column} ({found.Value.Expected})")}: {expected.Text.Replace('\u0001', '|')}";
        }

        return null;
    }

    static string NameOf(int tag) => new FixDictionaries(null, "FIX.5.0SP2").For("FIXT.1.1"u8, default).Field(tag)?.Name ?? $"Tag{tag}";
}
