using System.Text.RegularExpressions;
using DataIngestion.Infra.Tests.Tables;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests;

/// <summary>The table of settings is that of the code.</summary>
public sealed partial class AppSettingTests
{
    // What runs in Azure. The local runtime and the command line have settings of their own.
    static readonly string[] Folders = ["src/Shared", "src/Functions.Agents", "src/Functions.Orchestrators"];

    // Given by the platform, not by a template.
    static readonly string[] Given = ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_HOSTNAME"];

    static readonly string Source = string.Join('\n', Folders
        .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    [Fact]
    public void What_the_code_reads_is_in_the_table() =>
        Report.Nothing(Setting().Matches(Source).Select(m => m.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal)).Distinct()
            .Where(n => !Given.Contains(n) && !AppSettings.All.Any(s => s.Name.Equals(n, StringComparison.OrdinalIgnoreCase)))
            .Select(n => $"The code reads the setting {n}, which {nameof(AppSettings)} does not know: add it, and whether every app needs it."));

    [Fact]
    public void Connections_of_triggers_have_their_settings() =>
        Report.Nothing(Connection().Matches(Source).Select(m => m.Groups["name"].Value).Distinct()
            .Where(n => !AppSettings.All.Any(s => s.Name.StartsWith($"{n}__", StringComparison.Ordinal)))
            .Select(n => $"A trigger or output uses the connection {n}, for which {nameof(AppSettings)} has no identity-based settings."));

    [Fact]
    public void What_has_to_be_set_is_read() =>
        Report.Nothing(AppSettings.All.Where(s => s.IsRequired).Where(s => s.Name.StartsWith("Ingestion__", StringComparison.Ordinal) || s.Name is "KeyVault__uri" or "SchedulerInterval")
            .Where(s => !Source.Contains($"\"{s.Name.Replace("__", ":", StringComparison.Ordinal)}", StringComparison.Ordinal) && !Source.Contains($"\"%{s.Name}%\"", StringComparison.Ordinal))
            .Select(s => $"Nobody reads the setting {s.Name} any more; remove it from {nameof(AppSettings)}."));

    [GeneratedRegex("\"%?(?<name>Ingestion:\\w+|KeyVault:\\w+|SchedulerInterval|(?:AZURE|APPLICATIONINSIGHTS|OTEL|WEBSITE)_[A-Z_]+)[%:\"]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex("Connection = \"(?<name>\\w+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Connection();
}
