using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests.Exports;

/// <summary>A vendor that prepares exports, in the ways that vendors do: each as a definition and as what the server answers.</summary>
internal sealed class ExportVendor : IAsyncDisposable
{
    LoopbackServer _server = null!;
    int _polls;
    int _listed;

    public Uri Address => _server.Address;

    public IReadOnlyCollection<ReceivedRequest> Received => _server.Received;

    public string Way { get; private init; } = "";

    /// <summary>Jobs submitted.</summary>
    public int Submitted { get; private set; }

    /// <summary>Polls of a job before it is done.</summary>
    public int Patience { get; set; } = 2;

    /// <summary>What is said of a job instead; null for the usual.</summary>
    public Func<HttpContext, Task<bool>>? OnPoll { get; set; }

    public Func<HttpContext, Task<bool>>? OnPart { get; set; }

    /// <summary>Where addresses of parts lead; null for this server.</summary>
    public Uri? PartsAt { get; set; }

    public IReadOnlyList<string> Parts { get; set; } = ["a", "b", "c"];

    /// <summary>Downloads in order.</summary>
    public List<string> Downloaded { get; } = [];

    public static IEnumerable<string> Ways => ["location", "id", "addresses", "same request", "several jobs", "last answer"];

    public static async Task<ExportVendor> StartAsync(string way)
    {
        var vendor = new ExportVendor { Way = way };
        vendor._server = await LoopbackServer.StartAsync((context, _) => vendor.AnswerAsync(context));
        return vendor;
    }

    public SourceDatasetDefinition Dataset(TimeSpan? every = null)
    {
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "bars",
            Request = new() { Path = "/submit", Method = "POST", Body = """{"from":"{from}"}""" },
            Format = new() { Format = "ndjson" },
        };
        var export = new ExportDefinition { Every = every ?? TimeSpan.FromMilliseconds(10) };
        return Way switch
        {
            "location" => dataset with { Export = export with { JobHeader = "Location", PartsPath = "JobId", Download = new() { Path = "/parts/{part}" } } },
            "id" => dataset with
            {
                Export = export with
                {
                    JobPath = "job.id",
                    Poll = new() { Path = "/jobs/{job}" },
                    StatusPath = "state",
                    Done = ["DONE"],
                    Failed = ["failed"],
                    MessagePath = "error",
                    PartsPath = "files[*].id",
                    Download = new() { Path = "/parts/{part}", Query = new Dictionary<string, string> { ["of"] = "{job}" } },
                },
            },
            "addresses" => dataset with { Export = export with { JobPath = "job.id", Poll = new() { Path = "/jobs/{job}" }, StatusPath = "state", Done = ["done"], Failed = ["failed"], PartsPath = "files[*].url" } },
            "same request" => dataset with
            {
                Request = new() { Path = "/bulk" },
                Export = export with { StatusPath = "file.status", Done = ["fresh"], PartsPath = "file.link" },
            },
            "several jobs" => dataset with
            {
                Export = export with
                {
                    JobPath = "job.id",
                    Poll = new() { Path = "/jobs" },
                    JobsPath = "[*]",
                    JobsId = "id",
                    StatusPath = "state",
                    Done = ["done"],
                    Failed = ["failed"],
                    List = new() { Path = "/files", Query = new Dictionary<string, string> { ["job"] = "{job}" } },
                    PartsPath = "[*].urls.https",
                },
            },
            _ => dataset with { Export = export with { JobHeader = "Location", Poll = new() { Path = "/result/{job}" } } },
        };
    }

    /// <summary>The records that all parts have together, in order.</summary>
    public IReadOnlyList<string> Records => Way == "last answer" ? Lines("result") : [.. (Way is "location" or "same request" ? Parts.Take(1) : Parts).SelectMany(Lines)];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static List<string> Lines(string part) => [.. Enumerable.Range(1, 3).Select(n => $$"""{"part":"{{part}}","date":"2026-02-0{{n}}"}""")];

    async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/submit")
        {
            _polls = 0;
            Submitted++;
            context.Response.StatusCode = 202;
            context.Response.Headers.Location = $"/polled/job-{Submitted}";
            await context.Response.WriteAsync($$$"""{"job":{"id":"job-{{{Submitted}}}"}}""");
        }
        else if (path.StartsWith("/parts/", StringComparison.Ordinal))
        {
            if (OnPart is { } instead && await instead(context))
                return;
            var part = path["/parts/".Length..];
            Downloaded.Add(part);
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', Lines(part)));
            context.Response.Headers["Digest"] = $"sha-256={Convert.ToBase64String(SHA256.HashData(bytes))}";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
        }
        else if (path == "/files")
        {
            await context.Response.WriteAsync($$"""[{{string.Join(',', Parts.Select(p => $$$"""{"urls":{"ftp":"ftp://x","https":"{{{AddressOf(p)}}}"}}"""))}}]""");
        }
        else
        {
            if (OnPoll is { } instead && await instead(context))
                return;
            await PollAsync(context, isDone: ++_polls > Patience);
        }
    }

    async Task PollAsync(HttpContext context, bool isDone)
    {
        var state = isDone ? "done" : "queued";
        if (!isDone && Way is "location" or "last answer")
            context.Response.StatusCode = isDone ? 200 : 202;
        await context.Response.WriteAsync(Way switch
        {
            "location" => isDone ? $$"""{"JobId":"{{Parts[0]}}"}""" : "{}",
            "id" => $$"""{"state":"{{state}}","files":[{{(isDone ? string.Join(',', Parts.Select(p => $$$"""{"id":"{{{p}}}"}""")) : "")}}]}""",
            "addresses" => $$"""{"state":"{{state}}","files":[{{(isDone ? string.Join(',', Parts.Select(p => $$$"""{"url":"{{{AddressOf(p)}}}"}""")) : "")}}]}""",
            "same request" => $$$"""{"file":{"status":"{{{(isDone ? "fresh" : "creating")}}}","link":{{{(isDone ? $"\"{AddressOf(Parts[0])}\"" : "null")}}}}}""",
            "several jobs" => $$"""[{"id":"job-0","state":"done"},{"id":"job-{{Submitted}}","state":"{{state}}"}]""",
            _ => isDone ? string.Join('\n', Lines("result")) : "",
        });
    }

    string AddressOf(string part) => new Uri(PartsAt ?? Address, string.Create(CultureInfo.InvariantCulture, $"/parts/{part}?signature=s{++_listed}")).ToString();
}
