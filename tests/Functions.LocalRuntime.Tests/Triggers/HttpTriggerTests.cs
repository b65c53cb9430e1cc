using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WorkerFromBody = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class HttpTriggerTests(AzuriteFixture azurite)
{
    public sealed class Api(Recorder recorder)
    {
        [Function("GetThing")]
        public IActionResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:int}/{part?}")] HttpRequest request, int id, string? part) =>
            new OkObjectResult(new { id, part, query = request.Query["q"].ToString() });

        [Function("PostThing")]
        public async Task<IActionResult> PostAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "things")] HttpRequest request, [WorkerFromBody] Order order)
        {
            recorder.Record("order", order);
            await Task.Yield();
            return new AcceptedResult($"/api/things/{order.Id}", order);
        }

        [Function("Guarded")]
        public static IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => new OkResult();

        [Function("SystemOnly")]
        public static IActionResult SystemOnly([HttpTrigger(AuthorizationLevel.System)] HttpRequest request) => new OkResult();

        [Function("AdminOnly")]
        public static IActionResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => new OkResult();

        [Function("Boom")]
        public static IActionResult Boom([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => throw new InvalidOperationException("a secret detail");

        [Function("Typed")]
        public static Order Typed([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new("t", 1);

        [Function("Text")]
        public static string Text([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => "plain";

        [Function("Nothing")]
        public static Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.CompletedTask;

        [Function("Multi")]
        public static Answer Multi([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new(new StatusCodeResult(418), "queued");

        [Function("Echo")]
        public static async Task<IActionResult> EchoAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            return new ContentResult { Content = await reader.ReadToEndAsync() };
        }
    }

    public sealed record Answer([property: HttpResult] IActionResult Response, [property: QueueOutput("%Output%")] string Message);

    [Fact]
    public async Task Routes_and_their_values_bind_below_the_api_prefix()
    {
        await using var test = await Start();

        var thing = await test.Http.GetFromJsonAsync<JsonElement>("/api/things/7?q=x", TestContext.Current.CancellationToken);
        Assert.Equal((7, "x"), (thing.GetProperty("id").GetInt32(), thing.GetProperty("query").GetString()));
        Assert.Equal("p", (await test.Http.GetFromJsonAsync<JsonElement>("/api/things/7/p", TestContext.Current.CancellationToken)).GetProperty("part").GetString());
        await Problem(await test.Http.GetAsync("/api/things/x", TestContext.Current.CancellationToken), 404);
        await Problem(await test.Http.GetAsync("/things/7", TestContext.Current.CancellationToken), 404);
    }

    [Fact]
    public async Task A_method_that_is_not_answered_is_a_405_that_names_the_others()
    {
        await using var test = await Start();

        var response = await test.Http.DeleteAsync("/api/things/7", TestContext.Current.CancellationToken);

        await Problem(response, 405);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_JSON_body_binds_and_a_bad_one_is_a_400()
    {
        await using var test = await Start();

        var good = await test.Http.PostAsJsonAsync("/api/things", new Order("a", 2), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Accepted, "/api/things/a"), (good.StatusCode, good.Headers.Location?.ToString()));
        Assert.Equal(new Order("a", 2), test.Recorder.Of("order").Single());

        using var bad = new StringContent("{ nope", Encoding.UTF8, "application/json");
        await Problem(await test.Http.PostAsync("/api/things", bad, TestContext.Current.CancellationToken), 400);
    }

    [Fact]
    public async Task Levels_ask_for_their_keys_in_the_header_or_the_query()
    {
        await using var test = await Start();
        var (function, system, master) = (test.Host.FunctionKey, test.Host.SystemKey, test.Host.MasterKey);

        Assert.Equal("401 200 401 200", await Try("Guarded", null, function, system, master));
        Assert.Equal("401 401 200 200", await Try("SystemOnly", null, function, system, master));
        Assert.Equal("401 401 401 200", await Try("AdminOnly", null, function, system, master));
        Assert.Equal(HttpStatusCode.OK, (await test.Http.GetAsync($"/api/Guarded?code={function}", TestContext.Current.CancellationToken)).StatusCode);

        async Task<string> Try(string path, params string?[] keys)
        {
            var codes = new List<int>();
            foreach (var key in keys)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/" + path);
                if (key is not null)
                    request.Headers.Add("x-functions-key", key);
                codes.Add((int)(await test.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
            }

            return string.Join(' ', codes);
        }
    }

    [Fact]
    public async Task An_exception_is_a_500_that_tells_nothing_of_the_inside()
    {
        await using var test = await Start();

        var body = await Problem(await test.Http.GetAsync("/api/Boom", TestContext.Current.CancellationToken), 500);

        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_are_not_results_are_written_too()
    {
        await using var test = await Start();

        Assert.Equal(new Order("t", 1), await test.Http.GetFromJsonAsync<Order>("/api/Typed", TestContext.Current.CancellationToken));
        Assert.Equal("plain", await test.Http.GetStringAsync("/api/Text", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NoContent, (await test.Http.GetAsync("/api/Nothing", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_response_and_a_message_come_from_one_returned_value()
    {
        await using var test = await Start();

        var response = await test.Http.GetAsync("/api/Multi", TestContext.Current.CancellationToken);

        Assert.Equal(418, (int)response.StatusCode);
        var message = await test.Queue("output").ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("queued", message.Value.Body.ToString());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_a_413()
    {
        await using var test = await TestHost.StartAsync(
            azurite.ConnectionString,
            o => o with { Settings = new Dictionary<string, string?>(o.Settings) { ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "1000" } },
            [typeof(Api)]);
        using var body = new StringContent(new string('x', 1001));

        await Problem(await test.Http.PostAsync("/api/Echo", body, TestContext.Current.CancellationToken), 413);
    }

    [Fact]
    public async Task Another_host_name_is_refused_because_a_page_in_a_browser_may_have_chosen_it()
    {
        await using var test = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/Text");
        request.Headers.Host = "evil.example";

        await Problem(await test.Http.SendAsync(request, TestContext.Current.CancellationToken), 400);
    }

    [Fact]
    public async Task Operators_list_functions_and_keys_stay_the_same_after_a_restart()
    {
        using var folder = new TemporaryFolder("host");
        string key;
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Api)], folder: folder))
            key = first.Host.MasterKey;
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Api)], folder: folder);

        var functions = await test.Http.GetFromJsonAsync<JsonElement>($"/admin/functions?code={key}", TestContext.Current.CancellationToken);

        Assert.Equal(typeof(Api).GetMethods().Count(m => m.IsDefined(typeof(FunctionAttribute), false)), functions.GetArrayLength());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("host-keys.json")));
    }

    Task<TestHost> Start() => TestHost.StartAsync(azurite.ConnectionString, typeof(Api));

    static async Task<string> Problem(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(status, JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32());
        return body;
    }
}
