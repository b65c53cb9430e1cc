using System.Diagnostics;
using System.Threading.Channels;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Benchmarks.Runtime;

/// <summary>The local triggers on a real Azurite: how long a message waits for its function, and how many a second get through.</summary>
internal sealed class TriggerBenchmark : IBenchmark
{
    const string Board = "triggers";
    const string Queue = "bench-messages";
    const int Seed = 7;

    public string Name => Board;

    public string Description => "queue triggers of the local runtime on Azurite: latency from enqueue to function start, throughput (argument: messages, default 100)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(arguments);
        var messages = arguments.Count > 0 ? int.Parse(arguments[0]) : 100;
        var folder = Directory.CreateTempSubdirectory("ingest-bench-").FullName;
        try
        {
            await using var azurite = await AzuriteProcess.StartAsync(new(Path.Combine(folder, "azurite")), cancellationToken);
            var starts = Channel.CreateUnbounded<long>();
            await using var host = await StartAsync(folder, azurite.ConnectionString, starts, cancellationToken);
            var own = Client(azurite.ConnectionString, new());
            await own.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await LatencyAsync(own, starts.Reader, 10, cancellationToken); // warm code and connections

            Report(report, "ms from enqueue to function start, message from this process, median, at most", await LatencyAsync(own, starts.Reader, messages, cancellationToken), 50);
            // Without a propagator the handler tells nobody of its requests: to the host such a message comes from another process.
            using var silent = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
            var other = Client(azurite.ConnectionString, new() { Transport = new HttpClientTransport(silent) });
            Report(report, "ms from enqueue to function start, idle queue, message from another process, median, at most", await LatencyAsync(other, starts.Reader, messages, cancellationToken), 400);
            await BurstAsync(report, own, starts.Reader, messages * 10, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Sends one message after another with pauses that leave the queue idle, and returns how long each waited.</summary>
    static async Task<double[]> LatencyAsync(QueueClient queue, ChannelReader<long> starts, int messages, CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var waited = new double[messages];
        for (var i = 0; i < messages; i++)
        {
            await Task.Delay(random.Next(50, 600), cancellationToken);
            var sent = Stopwatch.GetTimestamp();
            await queue.SendMessageAsync($"{i}", cancellationToken);
            waited[i] = Stopwatch.GetElapsedTime(sent, await starts.ReadAsync(cancellationToken)).TotalMilliseconds;
        }

        return [.. waited.Order()];
    }

    static async Task BurstAsync(IReport report, QueueClient queue, ChannelReader<long> starts, int messages, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var sending = Parallel.ForEachAsync(
            Enumerable.Range(0, messages), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (i, token) => await queue.SendMessageAsync($"{i}", token));
        for (var i = 0; i < messages; i++)
            await starts.ReadAsync(cancellationToken);
        await sending;
        report.Add(new BoardResult(Board, $"messages a second, {messages} sent by 8 writers while they are run", messages / clock.Elapsed.TotalSeconds, null, 100));
    }

    static void Report(IReport report, string what, double[] sorted, double goal)
    {
        report.Add(new BoardResult(Board, what, sorted[sorted.Length / 2], null, goal));
        report.Note($"95th percentile {sorted[sorted.Length * 95 / 100]:0.0} ms, longest {sorted[^1]:0.0} ms");
    }

    static QueueClient Client(string storage, QueueClientOptions options)
    {
        options.MessageEncoding = QueueMessageEncoding.Base64;
        return new(storage, Queue, options);
    }

    static Task<LocalFunctionsHost> StartAsync(string folder, string storage, Channel<long> starts, CancellationToken cancellationToken) =>
        LocalFunctionsHost.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(folder, "host"),
                HttpPort = 0,
                StorageConnectionString = storage,
                Logging = logging => logging.SetMinimumLevel(LogLevel.Error),
                Apps =
                [
                    new("bench", typeof(TriggerBenchmark).Assembly, builder => builder.Services.AddSingleton(starts.Writer)) { Only = [typeof(BenchmarkFunction)] },
                ],
            },
            cancellationToken);
}

/// <summary>Notes when it began.</summary>
public sealed class BenchmarkFunction(ChannelWriter<long> starts)
{
    [Function("Bench")]
    public void Run([QueueTrigger("bench-messages")] string message) => starts.TryWrite(Stopwatch.GetTimestamp());
}
