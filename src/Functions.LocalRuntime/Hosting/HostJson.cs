using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>The part of an app's host.json that the local runtime follows; the rest is left to the Functions host.</summary>
internal sealed record HostJson
{
    /// <summary>First part of every route. Default <c>api</c>; empty for none.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Signals an invocation's token after this time; null for never.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    public QueueSettings Queues { get; init; } = new();

    public BlobSettings Blobs { get; init; } = new();

    public EventHubSettings EventHubs { get; init; } = new();

    public int? MaxConcurrentActivities { get; init; }

    public int? MaxConcurrentOrchestrations { get; init; }

    /// <summary>Reads a file; every fault is reported with the file and the path within it.</summary>
    public static HostJson Load(string? path, string app, FaultList faults)
    {
        if (path is null)
            return new();
        if (!File.Exists(path))
        {
            faults.Add(app, path, "there is no such file. Give the path of the app's host.json.");
            return new();
        }

        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var root = JsonNode.Parse(File.ReadAllText(path), documentOptions: options) as JsonObject;
            if (root is null)
            {
                faults.Add(app, path, "a JSON object was expected.");
                return new();
            }

            return Read(new(root, "", (at, message) => faults.Add(app, $"{path}: {at}", message)));
        }
        catch (JsonException fault)
        {
            faults.Add(app, $"{path}:{fault.LineNumber + 1}", $"this is not JSON: {fault.Message}");
            return new();
        }
    }

    static HostJson Read(Section root)
    {
        if (root.Text("version") != "2.0")
            root.Fault("version", "\"2.0\" was expected.");
        var extensions = root.Child("extensions");
        var queues = extensions.Child("queues");
        var blobs = extensions.Child("blobs");
        var durable = extensions.Child("durableTask");
        var batch = queues.Integer("batchSize", 1, 32) ?? 16;
        var encoding = queues.Text("messageEncoding") ?? "base64";
        if (encoding is not ("base64" or "none"))
            queues.Fault("messageEncoding", $"'{encoding}' was found; \"base64\" or \"none\" was expected.");

        return new()
        {
            RoutePrefix = (extensions.Child("http").Text("routePrefix") ?? "api").Trim('/'),
            FunctionTimeout = root.Text("functionTimeout") == "-1" ? null : root.Duration("functionTimeout"),
            Queues = new()
            {
                BatchSize = batch,
                NewBatchThreshold = queues.Integer("newBatchThreshold", 0, 1000) ?? batch / 2,
                MaxDequeueCount = queues.Integer("maxDequeueCount", 1, int.MaxValue) ?? 5,
                VisibilityTimeout = queues.Duration("visibilityTimeout") ?? TimeSpan.Zero,
                MaxPollingInterval = queues.Duration("maxPollingInterval"),
                Base64 = encoding != "none",
            },
            Blobs = new()
            {
                MaxDegreeOfParallelism = blobs.Integer("maxDegreeOfParallelism", 1, 1000) ?? 8 * Environment.ProcessorCount,
                PoisonBlobThreshold = blobs.Integer("poisonBlobThreshold", 1, int.MaxValue) ?? 5,
            },
            EventHubs = new() { MaxEventBatchSize = extensions.Child("eventHubs").Integer("maxEventBatchSize", 1, 10_000) ?? 100 },
            MaxConcurrentActivities = durable.Integer("maxConcurrentActivityFunctions", 1, 10_000),
            MaxConcurrentOrchestrations = durable.Integer("maxConcurrentOrchestratorFunctions", 1, 10_000),
        };
    }

    /// <summary>An object of the file, which may be missing, with its place.</summary>
    readonly struct Section(JsonObject? node, string place, Action<string, string> fault)
    {
        public void Fault(string name, string message) => fault(Path(name), message);

        public Section Child(string name)
        {
            var found = node?[name];
            if (found is not (null or JsonObject))
                Fault(name, "an object was expected.");
            return new(found as JsonObject, Path(name), fault);
        }

        public string? Text(string name) => node?[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => Wrong<string>(name, other, "a string"),
        };

        public int? Integer(string name, int least, int most) => node?[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<int>(out var number) && number >= least && number <= most => number,
            var other => Wrong<int?>(name, other, $"a whole number from {least} to {most}"),
        };

        public TimeSpan? Duration(string name) => node?[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var text)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero => time,
            var other => Wrong<TimeSpan?>(name, other, "a duration such as \"00:00:30\""),
        };

        T? Wrong<T>(string name, JsonNode found, string expected)
        {
            Fault(name, $"{found.ToJsonString()} was found; {expected} was expected.");
            return default;
        }

        string Path(string name) => place.Length == 0 ? name : $"{place}.{name}";
    }
}

/// <summary>How queue triggers receive.</summary>
internal sealed record QueueSettings
{
    /// <summary>Messages fetched at once, at most 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The next batch is fetched when this many or fewer still run; so up to BatchSize + NewBatchThreshold run at once.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>Attempts before a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message stays hidden after a failure.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>Longest pause between two looks at an idle queue; the local runtime never waits longer than its own limit.</summary>
    public TimeSpan? MaxPollingInterval { get; init; }

    /// <summary>Whether bodies are Base64 on the wire.</summary>
    public bool Base64 { get; init; } = true;
}

/// <summary>How blob triggers run.</summary>
internal sealed record BlobSettings
{
    /// <summary>Blobs of one app processed at the same time.</summary>
    public int MaxDegreeOfParallelism { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>Attempts before a blob is given up.</summary>
    public int PoisonBlobThreshold { get; init; } = 5;
}

/// <summary>How event triggers run.</summary>
internal sealed record EventHubSettings
{
    /// <summary>Most events handed to one invocation.</summary>
    public int MaxEventBatchSize { get; init; } = 100;
}
