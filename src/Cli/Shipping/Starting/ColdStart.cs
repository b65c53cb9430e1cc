using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DataIngestion.LocalRuntime.Hosting;

namespace DataIngestion.Cli.Shipping.Starting;

/// <summary>One start of a package's process.</summary>
/// <param name="Told">Until the worker had told the host its functions; null of a rehearsal, which has no host.</param>
/// <param name="Ready">Until then, or in a rehearsal until the startup probe passed.</param>
/// <param name="Processor">Processor time until then, which other work on the machine does not change much.</param>
internal sealed record StartTime(TimeSpan? Told, TimeSpan Ready, TimeSpan Processor);

/// <summary>Measures how long a package takes from the start of its process until its startup probe passes.</summary>
internal sealed class ColdStart(CommandEnvironment environment, Tools tools)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Starts it several times from a fresh copy, one after the other.</summary>
    public async Task<IReadOnlyList<StartTime>> MeasureAsync(FunctionApp app, PackageManifest manifest, int runs, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("ingest-start-");
        try
        {
            if (runs == 0)
                return [];
            var folder = Path.Combine(work.FullName, "app");
            await ZipFile.ExtractToDirectoryAsync(new ShippingFolder(environment).Package(app), folder, cancellationToken);
            // An app looks for its containers and queues before it says that it has started.
            await using var storage = await AzuriteProcess.StartAsync(new(Path.Combine(work.FullName, "storage")), cancellationToken);
            var times = new List<StartTime>();
            for (var run = 0; run < runs; run++)
            {
                times.Add(manifest.Host is FunctionsHost.Azure
                    ? await MeetAsync(app, folder, storage, cancellationToken)
                    : await WatchAsync(app, folder, storage, Path.Combine(work.FullName, $"data-{run}"), cancellationToken));
            }

            return times;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>The middle one of several starts.</summary>
    public static StartTime MedianOf(IEnumerable<StartTime> starts)
    {
        var ordered = starts.OrderBy(s => s.Ready).ToList();
        return ordered[ordered.Count / 2];
    }

    // The official worker: what the host does is done to it.
    async Task<StartTime> MeetAsync(FunctionApp app, string folder, AzuriteProcess storage, CancellationToken cancellationToken)
    {
        await using var host = await WorkerHost.StartAsync(cancellationToken);
        string[] arguments =
        [
            $"{app.Assembly}.dll", "--functions-uri", host.Url, "--functions-worker-id", "worker", "--functions-request-id", "request",
            "--functions-grpc-max-message-length", int.MaxValue.ToString(CultureInfo.InvariantCulture),
        ];
        var settings = new Dictionary<string, string>
        {
            ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
            ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
            ["AzureWebJobsStorage"] = storage.ConnectionString,
            ["DataStorage"] = storage.ConnectionString,
            ["SchedulerInterval"] = "0 0 0 1 1 *",
        };
        var began = environment.Time.GetTimestamp();
        return await RunAsync(app, arguments, settings, folder, async (process, _, limit) =>
        {
            await host.MeetAsync(folder, limit);
            var told = environment.Time.GetElapsedTime(began);
            return new(told, told, process.TotalProcessorTime);
        }, cancellationToken);
    }

    // The local runtime is its own host and only has to be watched.
    async Task<StartTime> WatchAsync(FunctionApp app, string folder, AzuriteProcess storage, string data, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var settings = new Dictionary<string, string>
        {
            ["LocalRuntime__DataDirectory"] = data,
            ["LocalRuntime__HttpPort"] = port.ToString(CultureInfo.InvariantCulture),
            ["AzureWebJobsStorage"] = storage.ConnectionString,
            ["DataStorage"] = storage.ConnectionString,
            ["SchedulerInterval"] = "0 0 0 1 1 *",
        };
        var began = environment.Time.GetTimestamp();
        return await RunAsync(app, [$"{app.Assembly}.dll"], settings, folder, async (process, http, limit) =>
        {
            while (!await AnswersAsync(http, new($"http://127.0.0.1:{port}{ProbeOf(app)}"), limit))
                await Task.Delay(Interval, environment.Time, limit);
            return new(null, environment.Time.GetElapsedTime(began), process.TotalProcessorTime);
        }, cancellationToken);
    }

    async Task<StartTime> RunAsync(
        FunctionApp app, string[] arguments, Dictionary<string, string> settings, string folder, Func<Process, HttpClient, CancellationToken, Task<StartTime>> measure, CancellationToken cancellationToken)
    {
        using var process = tools.Start("dotnet", arguments, settings, folder);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = environment.Http.CreateClient("start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var measured = measure(process, http, limit.Token);
            var ended = process.WaitForExitAsync(limit.Token);
            if (await Task.WhenAny(measured, ended) == measured)
                return await measured;
            await limit.CancelAsync();
            await measured.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(app, process.HasExited ? $"ended with exit code {process.ExitCode}" : $"did not answer within {Limit.TotalSeconds:0} s", output);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(app, $"did not answer within {Limit.TotalSeconds:0} s", output);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    static async Task<bool> AnswersAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }

    static CommandFailedException Failed(FunctionApp app, string what, StringBuilder output)
    {
        string text;
        lock (output)
            text = output.ToString();
        return new(ExitCodes.Failed, $"The process of the {app.Name} {what} while it started.{(text.Length == 0 ? "" : $" It said:\n{text.TrimEnd()}")}");
    }

    static void Keep(StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.Append(line).Append('\n');
    }

    static string ProbeOf(FunctionApp app) => $"/api/{app.FirstService}/health/startup";

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
