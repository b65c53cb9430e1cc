using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DataIngestion.SystemTests.Platform;

/// <summary><c>ingest up</c> as a process of its own, so that it can be killed.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly StringBuilder _output;

    PlatformProcess(Process process, StringBuilder output) => (_process, _output) = (process, output);

    public Uri Url { get; private set; } = null!;

    public string Key { get; private set; } = "";

    /// <summary>Everything it printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static async Task<PlatformProcess> StartAsync(string data, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var cli = Path.Combine(AppContext.BaseDirectory, "ingest-cli.dll");
        var start = new ProcessStartInfo("dotnet", [cli, "up", "--data", data, "--port", "0", "--json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        start.Environment["INGEST_ROOT"] = World.Root;
        start.Environment["INGEST_LOCAL"] = data;

        var output = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var platform = new PlatformProcess(process, output);
        process.OutputDataReceived += (_, line) =>
        {
            platform.Keep(line.Data);
            if (line.Data?.StartsWith('{') is true)
                ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => platform.Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The platform ended while it started."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(StartLimit, cancellationToken);
        }
        catch (Exception failure)
        {
            await platform.DisposeAsync();
            throw new InvalidOperationException($"The platform did not start:{Environment.NewLine}{platform.Output}", failure);
        }

        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "platform.json"), cancellationToken));
        platform.Url = new(file.RootElement.GetProperty("url").GetString()!);
        platform.Key = file.RootElement.GetProperty("hostKey").GetString()!;
        return platform;
    }

    /// <summary>kill -9: nothing of it gets to run again.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a deployment would.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
