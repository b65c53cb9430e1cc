using System.Diagnostics;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests;

/// <summary>eng/watch-release, with 'az' and 'curl' that answer from files.</summary>
public sealed class WatchReleaseTests
{
    const string Healthy = "#!/bin/sh\nexit 0\n";

    // One service is not ready.
    const string Unready = "#!/bin/sh\ncase \"$*\" in *data-merger/health/ready*) exit 22 ;; esac\n";

    [Fact]
    public async Task A_healthy_version_passes() => Assert.Equal((0, ""), await RunAsync(Healthy, NoAlerts()));

    [Fact]
    public async Task One_that_is_not_ready_fails()
    {
        var (code, error) = await RunAsync(Unready, NoAlerts());
        Assert.Equal(1, code);
        Assert.Contains("not ready three times in a row: data-merger", error);
    }

    [Fact]
    public async Task An_alert_that_fires_fails()
    {
        // The first answer has no alert, later ones have.
        var (code, error) = await RunAsync(Healthy, "#!/bin/sh\nif [ -f \"$0.again\" ]; then " + Answer("Sev1") + "; else : > \"$0.again\"; echo '{\"value\":[]}'; fi\n");
        Assert.Equal(1, code);
        Assert.Contains("Sev1 quality-low", error);
    }

    [Theory]
    [InlineData("Sev1", "one that had fired before")]
    [InlineData("Sev3", "one that only informs")]
    public async Task Other_alerts_do_not(string severity, string because) => Assert.True((0, "") == await RunAsync(Healthy, $"#!/bin/sh\n{Answer(severity)}\n"), because);

    [Fact]
    public void It_asks_every_service()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "eng", "watch-release"));
        Assert.Contains($"of_agents=({string.Join(' ', Services.OfAgents)})", script);
        Assert.Contains($"of_orchestrators=({string.Join(' ', Services.OfOrchestrators)})", script);
    }

    static string NoAlerts() => "#!/bin/sh\necho '{\"value\":[]}'\n";

    static string Answer(string severity) => $"echo '{{\"value\":[{{\"id\":\"/x\",\"name\":\"quality-low\",\"properties\":{{\"essentials\":{{\"severity\":\"{severity}\"}}}}}}]}}'";

    static async Task<(int Code, string Error)> RunAsync(string curl, string az)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jq") || File.Exists("/usr/local/bin/jq"), "jq is not installed.");
        using var folder = new TemporaryFolder("watch");
        foreach (var (name, content) in new[] { ("curl", curl), ("az", az) })
        {
            await File.WriteAllTextAsync(folder.File(name), content, TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "watch-release"), ["rg-ingestion", "https://agents", "https://orchestrators", "4", "0"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
