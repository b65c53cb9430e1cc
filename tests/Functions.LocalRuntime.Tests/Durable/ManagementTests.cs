using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DataIngestion.LocalRuntime.Durable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class ManagementTests : IAsyncLifetime
{
    readonly EngineHost _host = new();
    WebApplication? _web;
    HttpClient? _http;

    HttpClient Http => _http!;

    public async ValueTask InitializeAsync()
    {
        _host
            .Activity<int, int>("double", i => i * 2)
            .Orchestrator("double", context => context.CallActivityAsync<int>("double", context.GetInput<int>()))
            .Orchestrator("fails", new Func<TaskOrchestrationContext, Task<int>>(_ => throw new InvalidOperationException("no")))
            .Orchestrator("waits", async context =>
            {
                context.SetCustomStatus(new { at = "gate" });
                return await context.WaitForExternalEvent<JsonObject>("go");
            });
        await _host.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        DurableManagementEndpoints.Map(_web, () => _host.Client);
        await _web.StartAsync(EngineHost.Token);
        _http = new HttpClient { BaseAddress = new(_web.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_start_answers_with_links_that_lead_through_the_life_of_an_instance()
    {
        var started = await Http.PostAsync("/runtime/webhooks/durabletask/orchestrators/waits/run one", null, EngineHost.Token);
        var links = await JsonOf(started);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal("run one", (string?)links["id"]);
        Assert.Equal((string?)links["statusQueryGetUri"], started.Headers.Location!.OriginalString);
        Assert.NotNull(started.Headers.RetryAfter);
        await _host.Client.WaitForInstanceStartAsync("run one", EngineHost.Token);

        var running = await Http.GetAsync((string?)links["statusQueryGetUri"], EngineHost.Token);
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Equal("gate", (string?)(await JsonOf(running))["customStatus"]!["at"]);

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(links, "suspendPostUri", "hold")).StatusCode);
        await _host.UntilAsync("run one", found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(links, "resumePostUri", "go")).StatusCode);
        var raise = ((string?)links["sendEventPostUri"])!.Replace("{eventName}", "go", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await Http.PostAsJsonAsync(raise, new { price = 1.5 }, EngineHost.Token)).StatusCode);
        await _host.EndAsync("run one");

        var end = await Http.GetAsync((string?)links["statusQueryGetUri"], EngineHost.Token);
        var status = await JsonOf(end);
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        Assert.Equal("Completed", (string?)status["runtimeStatus"]);
        Assert.Equal(1.5, (double?)status["output"]!["price"]);
        Assert.Equal(HttpStatusCode.Gone, (await Http.PostAsJsonAsync(raise, 1, EngineHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(links, "terminatePostUri", "late")).StatusCode);

        var purged = await Http.DeleteAsync((string?)links["purgeHistoryDeleteUri"], EngineHost.Token);
        Assert.Equal(1, (int?)(await JsonOf(purged))["instancesDeleted"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync((string?)links["statusQueryGetUri"], EngineHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.PostAsJsonAsync(raise, 1, EngineHost.Token)).StatusCode);
    }

    [Fact]
    public async Task Termination_over_http_keeps_the_reason_as_output()
    {
        var id = await _host.StartInstanceAsync("waits");

        var answer = await Http.PostAsync($"/runtime/webhooks/durabletask/instances/{id}/terminate?reason=no%20need", null, EngineHost.Token);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("no need", (await _host.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_status_shows_input_and_history_as_asked()
    {
        var end = await _host.RunAsync("double", 21);
        var path = $"/runtime/webhooks/durabletask/instances/{end.InstanceId}";

        var plain = await JsonOf(await Http.GetAsync(path, EngineHost.Token));
        var bare = await JsonOf(await Http.GetAsync($"{path}?showInput=false", EngineHost.Token));
        var full = await JsonOf(await Http.GetAsync($"{path}?showHistory=true&showHistoryOutput=true", EngineHost.Token));

        Assert.Equal(21, (int?)plain["input"]);
        Assert.Null(plain["historyEvents"]);
        Assert.Null(bare["input"]);
        var events = full["historyEvents"]!.AsArray();
        Assert.Equal(["ExecutionStarted", "TaskCompleted", "ExecutionCompleted"], events.Select(e => (string?)e!["EventType"]));
        Assert.Equal("double", (string?)events[1]!["FunctionName"]);
        Assert.Equal(42, (int?)events[1]!["Result"]);
    }

    [Fact]
    public async Task A_failed_instance_is_a_server_error_only_if_asked()
    {
        var end = await _host.RunAsync("fails");
        var path = $"/runtime/webhooks/durabletask/instances/{end.InstanceId}";

        var answer = await Http.GetAsync(path, EngineHost.Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no", (string?)(await JsonOf(answer))["output"]);
        Assert.Equal(HttpStatusCode.InternalServerError, (await Http.GetAsync($"{path}?returnInternalServerErrorOnFailure=true", EngineHost.Token)).StatusCode);
    }

    [Fact]
    public async Task The_list_is_paged_by_a_header_and_filtered()
    {
        for (var i = 0; i < 3; i++)
            await _host.RunAsync("double", i, $"d-{i}");
        await _host.StartInstanceAsync("waits", instanceId: "w");

        var first = await Http.GetAsync("/runtime/webhooks/durabletask/instances?top=2&runtimeStatus=Completed,Failed", EngineHost.Token);
        using var next = new HttpRequestMessage(HttpMethod.Get, "/runtime/webhooks/durabletask/instances?top=2&runtimeStatus=Completed&instanceIdPrefix=d-");
        next.Headers.Add("x-ms-continuation-token", first.Headers.GetValues("x-ms-continuation-token"));
        var second = await Http.SendAsync(next, EngineHost.Token);

        Assert.Equal(["d-0", "d-1"], await Ids(first));
        Assert.Equal(["d-2"], await Ids(second));
        Assert.Equal("", second.Headers.GetValues("x-ms-continuation-token").Single());
    }

    [Fact]
    public async Task Purging_by_filter_needs_a_time_and_counts()
    {
        await _host.RunAsync("double", 1);
        const string path = "/runtime/webhooks/durabletask/instances";

        Assert.Equal(HttpStatusCode.BadRequest, (await Http.DeleteAsync(path, EngineHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.DeleteAsync($"{path}?createdTimeFrom=2999-01-01T00:00:00Z", EngineHost.Token)).StatusCode);
        var purged = await Http.DeleteAsync($"{path}?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Completed", EngineHost.Token);
        Assert.Equal(1, (int?)(await JsonOf(purged))["instancesDeleted"]);
    }

    [Theory]
    [InlineData("top=none")]
    [InlineData("runtimeStatus=Odd")]
    [InlineData("createdTimeFrom=soon")]
    public async Task A_wrong_filter_is_a_bad_request(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.GetAsync($"/runtime/webhooks/durabletask/instances?{query}", EngineHost.Token)).StatusCode);

    [Fact]
    public async Task An_event_must_be_json()
    {
        var id = await _host.StartInstanceAsync("waits");
        var path = $"/runtime/webhooks/durabletask/instances/{id}/raiseEvent/go";
        using var text = new StringContent("hello");
        using var broken = new StringContent("{", Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PostAsync(path, text, EngineHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PostAsync(path, broken, EngineHost.Token)).StatusCode);
    }

    Task<HttpResponseMessage> PostAsync(JsonNode links, string link, string reason) =>
        Http.PostAsync(((string?)links[link])!.Replace("{text}", reason, StringComparison.Ordinal), null, EngineHost.Token);

    static async Task<JsonNode> JsonOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(EngineHost.Token))!;

    static async Task<IEnumerable<string?>> Ids(HttpResponseMessage response) => (await JsonOf(response)).AsArray().Select(instance => (string?)instance!["instanceId"]);
}
