using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>Where a local storage emulator keeps its data and listens; port 0 takes any free port.</summary>
/// <param name="DataDirectory">Created if missing. One emulator at a time may use it.</param>
/// <param name="BlobPort">TCP port on 127.0.0.1 for blobs.</param>
/// <param name="QueuePort">TCP port on 127.0.0.1 for queues.</param>
/// <param name="TablePort">TCP port on 127.0.0.1 for tables.</param>
public sealed record AzuriteOptions(string DataDirectory, int BlobPort = 0, int QueuePort = 0, int TablePort = 0)
{
    /// <summary>Accounts besides the emulator's own, each with its own queues, blobs and tables: lower-case letters and digits.</summary>
    public IReadOnlyList<string> MoreAccounts { get; init; } = [];
}

/// <summary>
/// An Azure Storage emulator (Azurite, pinned in <c>eng/node</c>) as a child process. It stops, with its data on disk,
/// when this object is disposed and also when this process dies, because it watches its standard input. If it dies by itself it is
/// started again, on the same ports with the same data.
/// </summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    // Azurite's published development account; not a secret.
    const string AccountName = "devstoreaccount1";
    const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    static readonly TimeSpan LongestRestartPause = TimeSpan.FromSeconds(5);

    readonly string _tools;
    readonly CancellationTokenSource _disposing = new();
    Process _process;
    Task _watch = Task.CompletedTask;

    AzuriteProcess(string tools, Process process, AzuriteOptions options)
    {
        _tools = tools;
        _process = process;
        Options = options;
    }

    /// <summary>The options it was started with, with the ports it really got.</summary>
    public AzuriteOptions Options { get; }

    /// <summary>A storage connection string for the three services.</summary>
    public string ConnectionString => ConnectionStringOf(AccountName);

    /// <summary>Operating system id of the emulator.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The connection string of one of <see cref="AzuriteOptions.MoreAccounts"/>.</summary>
    public string ConnectionStringOf(string account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={AccountKey};" +
        $"BlobEndpoint=http://127.0.0.1:{Options.BlobPort}/{account};" +
        $"QueueEndpoint=http://127.0.0.1:{Options.QueuePort}/{account};" +
        $"TableEndpoint=http://127.0.0.1:{Options.TablePort}/{account};";

    /// <summary>Starts the emulator and returns when blobs, queues and tables answer.</summary>
    /// <exception cref="InvalidOperationException">Node or the pinned package is missing, a port is taken, or it did not start within 60 s.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tools = FindTools();
        Directory.CreateDirectory(options.DataDirectory);
        var (process, bound) = await LaunchAsync(tools, options, cancellationToken);
        var azurite = new AzuriteProcess(tools, process, bound);
        azurite._watch = Task.Run(azurite.WatchAsync, CancellationToken.None);
        return azurite;
    }

    static async Task<(Process Process, AzuriteOptions Bound)> LaunchAsync(string tools, AzuriteOptions options, CancellationToken cancellationToken)
    {
        var process = new Process { StartInfo = StartInfo(tools, options) };
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        var output = new List<string>();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                if (line.Data is null)
                    return;
                if (output.Count < 200)
                    output.Add(line.Data);
                if (Listening().Match(line.Data) is { Success: true } match)
                    ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);
                if (ports.Count == 3)
                    listening.TrySetResult();
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("exited"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        try
        {
            await listening.Task.WaitAsync(StartLimit, cancellationToken);
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            Kill(process);
            process.Dispose();
            if (failure is OperationCanceledException)
                throw;
            string text;
            lock (output)
                text = string.Join(Environment.NewLine, output);
            throw new InvalidOperationException(
                $"Azurite did not start with its data in '{options.DataDirectory}' " +
                $"(ports {options.BlobPort}, {options.QueuePort}, {options.TablePort}; 0 means any). It printed:{Environment.NewLine}{text}", failure);
        }

        return (process, options with { BlobPort = ports["Blob"], QueuePort = ports["Queue"], TablePort = ports["Table"] });
    }

    /// <summary>Stops the emulator; its data stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _watch;
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Kill(_process);
            }
        }

        _process.Dispose();
        _disposing.Dispose();
    }

    /// <summary>Starts it again whenever it ends, until this object is disposed.</summary>
    async Task WatchAsync()
    {
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(200); ;)
            {
                await _process.WaitForExitAsync(_disposing.Token);
                await Task.Delay(pause, _disposing.Token);
                try
                {
                    var (process, _) = await LaunchAsync(_tools, Options, _disposing.Token);
                    _process.Dispose();
                    _process = process;
                    pause = TimeSpan.FromMilliseconds(200);
                }
                catch (InvalidOperationException)
                {
                    // Its ports may still be held by the one that died.
                    pause = pause * 2 < LongestRestartPause ? pause * 2 : LongestRestartPause;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It had exited already.
        }
    }

    static ProcessStartInfo StartInfo(string tools, AzuriteOptions options) => new("node")
    {
        Environment = { ["AZURITE_ACCOUNTS"] = string.Join(';', options.MoreAccounts.Prepend(AccountName).Select(a => $"{a}:{AccountKey}")) },
        UseShellExecute = false,
        WorkingDirectory = tools,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        ArgumentList =
        {
            "azurite.js",
            "--location", Path.GetFullPath(options.DataDirectory),
            "--blobHost", "127.0.0.1", "--blobPort", options.BlobPort.ToString(CultureInfo.InvariantCulture),
            "--queueHost", "127.0.0.1", "--queuePort", options.QueuePort.ToString(CultureInfo.InvariantCulture),
            "--tableHost", "127.0.0.1", "--tablePort", options.TablePort.ToString(CultureInfo.InvariantCulture),
            "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        },
    };

    static string FindTools()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var tools = Path.Combine(folder.FullName, "eng", "node");
            if (!File.Exists(Path.Combine(tools, "azurite.js")))
                continue;
            if (!Directory.Exists(Path.Combine(tools, "node_modules", "azurite")))
                throw new InvalidOperationException($"Azurite is not installed: run 'npm ci' in '{tools}' ('./ingest' does it).");
            return tools;
        }

        throw new InvalidOperationException(
            $"'eng/node' was not found above '{AppContext.BaseDirectory}': configure a storage connection (AzureWebJobsStorage) instead of the emulator.");
    }

    [GeneratedRegex(@"Azurite (?<service>Blob|Queue|Table) service (is successfully listening|successfully listens) (at|on) http://127\.0\.0\.1:(?<port>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
