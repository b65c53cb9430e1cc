using System.Collections.Concurrent;
using System.Net;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DataIngestion.Connect.Tests;

/// <summary>A token endpoint, and behind <c>/data</c> a source that accepts what it issued last.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    readonly LoopbackServer _server;
    int _issued;

    TokenServer(LoopbackServer server) => _server = server;

    public Uri Address => _server.Address;

    public string TokenUrl => new Uri(Address, "/token").ToString();

    /// <summary>The forms of the requests for tokens.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Forms { get; } = [];

    /// <summary>Everything that arrived.</summary>
    public IEnumerable<ReceivedRequest> Received => _server.Received;

    /// <summary>Tokens issued.</summary>
    public int Issued => Volatile.Read(ref _issued);

    /// <summary>Seconds that a token is good for; null leaves it open.</summary>
    public int? ExpiresIn { get; set; } = 3600;

    /// <summary>Whether each answer has a new refresh token that alone is good from then on.</summary>
    public bool Rotates { get; set; }

    /// <summary>The refresh token that is good.</summary>
    public string RefreshToken { get; set; } = "refresh-0";

    /// <summary>The token that the source accepts; null any that was issued.</summary>
    public string? Accepted { get; set; }

    /// <summary>Answers in place of the token endpoint; false leaves it to it.</summary>
    public Func<HttpContext, int, CancellationToken, Task<bool>>? Fault { get; set; }

    public static async Task<TokenServer> StartAsync()
    {
        TokenServer? self = null;
        self = new(await LoopbackServer.StartAsync((context, _, stop) => self!.AnswerAsync(context, stop)));
        return self;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context, CancellationToken stop)
    {
        if (context.Request.Path != "/token")
        {
            var token = context.Request.Headers.Authorization.ToString();
            context.Response.StatusCode = token.StartsWith("Bearer token-", StringComparison.Ordinal) && (Accepted is null || token == $"Bearer {Accepted}") ? 200 : 401;
            await context.Response.WriteAsync($"figures for {token}", stop);
            return;
        }

        var form = QueryHelpers.ParseQuery(_server.Received.Last(r => r.Path == "/token").Body).ToDictionary(f => f.Key, f => f.Value.ToString());
        Forms.Enqueue(form);
        if (Fault is { } fault && await fault(context, Forms.Count, stop))
            return;
        if (form.GetValueOrDefault("grant_type") == "refresh_token" && form.GetValueOrDefault("refresh_token") != RefreshToken)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant", error_description = "no such refresh token" }, stop);
            return;
        }

        var n = Interlocked.Increment(ref _issued);
        if (Rotates)
            RefreshToken = $"refresh-{n}";
        var answer = new Dictionary<string, object> { ["access_token"] = $"token-{n}", ["token_type"] = "Bearer" };
        if (ExpiresIn is { } seconds)
            answer["expires_in"] = seconds;
        if (Rotates)
            answer["refresh_token"] = RefreshToken;
        await context.Response.WriteAsJsonAsync(answer, stop);
    }

    /// <summary>Answers with an error of RFC 6749.</summary>
    public static async Task<bool> RefuseAsync(HttpContext context, HttpStatusCode status, string error, string? description = null)
    {
        context.Response.StatusCode = (int)status;
        await context.Response.WriteAsJsonAsync(new { error, error_description = description });
        return true;
    }
}
