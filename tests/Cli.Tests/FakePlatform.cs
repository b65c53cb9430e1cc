using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Tests;

/// <summary>Answers HTTP as the platform would, on a free port, with what a test lays down.</summary>
internal sealed class FakePlatform : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentDictionary<string, ConcurrentQueue<(int Status, string Body)>> _answers = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<(string Method, string Path, string? Key, string Body)> _requests = new();

    FakePlatform(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyList<(string Method, string Path, string? Key, string Body)> Requests => [.. _requests];

    public static async Task<FakePlatform> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var platform = new FakePlatform(app);
        app.Run(platform.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return platform;
    }

    /// <summary>Lays down an answer; several for one request are given in turn, the last one for ever.</summary>
    public FakePlatform Answers(string request, string body, int status = 200)
    {
        _answers.GetOrAdd(request, _ => new()).Enqueue((status, body));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Request.Path + context.Request.QueryString;
        string? key = context.Request.Headers["x-functions-key"];
        _requests.Enqueue((context.Request.Method, path, key, await reader.ReadToEndAsync()));
        if (!_answers.TryGetValue($"{context.Request.Method} {path}", out var answers) || !answers.TryPeek(out var answer))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync($$"""{"title":"Not laid down","detail":"The test has no answer for {{path}}."}""");
            return;
        }

        if (answers.Count > 1)
            answers.TryDequeue(out _);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body);
    }
}
