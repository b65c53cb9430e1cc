using System.Diagnostics;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>Files over SFTP against OpenSSH's own <c>sftp -b</c>: one large file, and many small ones. Both write to files.</summary>
internal sealed class SftpRace : IConnectRace
{
    const int LargeBytes = 512 << 20;
    const int SmallFiles = 2000;
    const int SmallBytes = 8 << 10;
    const int Rounds = 3;

    public string Name => "sftp";

    public string Server => "openssh";

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var target = new TemporaryFolder("race");
        await using var server = await TestServer.StartAsync(Server, cancellationToken: cancellationToken);
        Fill(Path.Combine(server.Folder, "files", "large"), 1, LargeBytes);
        Fill(Path.Combine(server.Folder, "files", "small"), SmallFiles, SmallBytes);
        await RaceAsync("large", "MB/s", LargeBytes / 1e6);
        await RaceAsync("small", "files/s", SmallFiles);

        async Task RaceAsync(string folder, string unit, double amount)
        {
            // In turns, so that whatever else the machine does meets both; the best of each counts.
            var (ours, theirs) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                theirs = Min(theirs, await TheirsAsync(server, folder, target.Path, cancellationToken));
                ours = Min(ours, await OursAsync(server, folder, target.Path, cancellationToken));
            }

            var (a, b) = (amount / ours.TotalSeconds, amount / theirs.TotalSeconds);
            report.Add(new RaceResult("sftp", folder == "large" ? $"one file of {LargeBytes >> 20} MiB, sftp -b" : $"{SmallFiles:N0} files of {SmallBytes >> 10} KiB, sftp -b", a, b, unit, a / b, null));
        }
    }

    static async Task<TimeSpan> OursAsync(TestServer server, string folder, string target, CancellationToken cancellationToken)
    {
        var user = (await File.ReadAllTextAsync(Path.Combine(server.Folder, "user"), cancellationToken)).Trim();
        await using var stage = new ConnectStage(("KEY", await File.ReadAllTextAsync(Path.Combine(server.Folder, "keys", "ed25519"), cancellationToken)));
        var source = new SourceDefinition
        {
            Source = "race",
            Kind = SourceKind.File,
            Connection = new()
            {
                System = "sftp",
                BaseUrl = $"sftp://127.0.0.1:{server.Port}{server.Folder}/files",
                AllowPrivateNetwork = true,
                Auth = new() { Kind = "ssh-key", Options = new Dictionary<string, string> { ["user"] = user, ["value"] = "${KEY}" } },
                Options = new Dictionary<string, string> { ["knownHosts"] = $"[127.0.0.1]:{server.Port} {await File.ReadAllTextAsync(Path.Combine(server.Folder, "host_key.pub"), cancellationToken)}".Trim() },
            },
            Datasets = [new() { Dataset = "race", Files = "*", Read = new() { Object = folder, Options = new Dictionary<string, string> { ["settle"] = "0s" } } }],
        };
        var began = Stopwatch.GetTimestamp();
        var number = 0;
        await stage.ReadAsync(source, () => File.Create(Path.Combine(target, $"ours-{number++}"), 1), cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        Empty(target);
        return time;
    }

    static async Task<TimeSpan> TheirsAsync(TestServer server, string folder, string target, CancellationToken cancellationToken)
    {
        var user = (await File.ReadAllTextAsync(Path.Combine(server.Folder, "user"), cancellationToken)).Trim();
        var batch = Path.Combine(target, "batch");
        await File.WriteAllTextAsync(batch, $"get {server.Folder}/files/{folder}/* {target}/\n", cancellationToken);
        string[] arguments =
        [
            "-q", "-b", batch, "-P", $"{server.Port}", "-i", Path.Combine(server.Folder, "keys", "ed25519"),
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", $"{user}@127.0.0.1",
        ];
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("sftp", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"sftp ended with exit code {process.ExitCode}.");
        Empty(target);
        return time;
    }

    static void Fill(string folder, int files, int bytes)
    {
        Directory.CreateDirectory(folder);
        var content = new byte[Math.Min(bytes, 1 << 20)];
        new Random(7).NextBytes(content);
        for (var i = 0; i < files; i++)
        {
            using var file = File.Create(Path.Combine(folder, $"{i:D6}"));
            for (var written = 0; written < bytes; written += content.Length)
                file.Write(content);
        }
    }

    static void Empty(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Delete(file);
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
