using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Tests.Hosting;

public sealed class StartFaultTests(AzuriteFixture azurite)
{
    public interface IMissing;

    public sealed class Faulty(IMissing missing)
    {
        [Function("MissingSetting")]
        public void A([QueueTrigger("%NoSuchSetting%")] string message) => _ = missing;

        [Function("BadQueue")]
        public static void B([QueueTrigger("no_good")] string message) => _ = message;

        [Function("BadSchedule")]
        public static void C([TimerTrigger("now and then")] TimerInfo timer) => _ = timer;

        [Function("BadTimerType")]
        public static void D([TimerTrigger("0 0 * * * *")] int timer) => _ = timer;

        [Function("BadBlob")]
        public static void E([BlobTrigger("drop/{name}")] string content, string title) => _ = content + title;

        [Function("NoConnection")]
        public static void F([QueueTrigger("queue", Connection = "Elsewhere")] string message) => _ = message;

        [Function("BadBatch")]
        public static void G([EventHubTrigger("hub")] string notAnArray) => _ = notAnArray;

        [Function("BadOrchestrator")]
        public static Task H([OrchestrationTrigger] string context) => Task.FromResult(context);

        [Function("Logger")]
        public static void I([QueueTrigger("queue")] string message, ILogger logger) => _ = message + logger;

        [Function("NoTrigger")]
        public static void J(string message) => _ = message;

        [Function("Twice")]
        public static Task K([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(request);

        [Function("twice")]
        public static Task L([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult(context);

#pragma warning disable CA1822, IDE0051
        [Function("Hidden")]
        internal static void M([QueueTrigger("queue")] string message) => _ = message;
#pragma warning restore

        [Function("BadRoute")]
        public static Task N([HttpTrigger(AuthorizationLevel.User, Route = "a/{b")] HttpRequest request) => Task.FromResult(request);

        [Function("SameRoute")]
        public static Task O([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "same/{id}")] HttpRequest request) => Task.FromResult(request);
    }

    [Fact]
    public async Task All_faults_are_reported_at_once_with_function_parameter_and_expectation()
    {
        using var folder = new TemporaryFolder("host");

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => LocalFunctionsHost.StartAsync(
            TestHost.Options(azurite.ConnectionString, folder.Path, TestHost.NewPrefix(), new(), typeof(Faulty)), TestContext.Current.CancellationToken));

        string[] expected =
        [
            "MissingSetting, parameter 'message': '%NoSuchSetting%' names the setting 'NoSuchSetting', which is missing",
            "MissingSetting: the constructor of Faulty takes IMissing 'missing', which is not registered",
            "BadQueue, parameter 'message': 'no_good' is not a queue name",
            "BadSchedule, parameter 'timer': 'now and then' is not a schedule",
            "BadTimerType, parameter 'timer': its type is Int32; TimerInfo was expected",
            "BadBlob, parameter 'title': nothing binds to it (String)",
            "NoConnection, parameter 'message': the storage connection 'Elsewhere' is missing",
            "BadBatch, parameter 'notAnArray': its type is String; an array of",
            "BadOrchestrator, parameter 'context': its type is String; TaskOrchestrationContext was expected",
            "Logger, parameter 'logger': nothing binds to it (ILogger)",
            "has 0 trigger parameters; one was expected",
            "two functions have this name",
            "is not public",
            "'a/{b' is not a route template",
            "the level User is not offered",
        ];
        Assert.All(expected, text => Assert.Contains(text, failure.Message, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(failure.Faults, f => f.Where.StartsWith("SameRoute", StringComparison.Ordinal));
    }

    public static class One
    {
        [Function("One")]
        public static Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "same/{id}")] HttpRequest request) => Task.FromResult(request);
    }

    public static class Other
    {
        [Function("Other")]
        public static Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same/{name}")] HttpRequest request) => Task.FromResult(request);
    }

    [Fact]
    public async Task Two_apps_cannot_share_a_route()
    {
        using var folder = new TemporaryFolder("host");
        var options = TestHost.Options(azurite.ConnectionString, folder.Path, TestHost.NewPrefix(), new(), typeof(One));
        options = options with { Apps = [options.Apps[0], options.Apps[0] with { Name = "second", Only = [typeof(Other)] }] };

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => LocalFunctionsHost.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains("second: Other: the route GET /api/same/{} is also that of test/One", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_host_json_name_the_file_and_the_place()
    {
        using var folder = new TemporaryFolder("host");
        await File.WriteAllTextAsync(
            folder.File("host.json"),
            """{ "version": "2.0", "extensions": { "queues": { "batchSize": 64, "messageEncoding": "zip", "visibilityTimeout": 5 } } } // a comment""",
            TestContext.Current.CancellationToken);
        var options = TestHost.Options(azurite.ConnectionString, folder.Path, TestHost.NewPrefix(), new(), typeof(One));
        options = options with { Apps = [options.Apps[0] with { HostJsonPath = folder.File("host.json") }] };

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => LocalFunctionsHost.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Equal(3, failure.Faults.Count);
        Assert.Contains("host.json: extensions.queues.batchSize: 64 was found; a whole number from 1 to 32 was expected.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_is_refused()
    {
        using var folder = new TemporaryFolder("host");
        await using var first = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(One)], folder: folder);

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(One)], folder: folder));

        Assert.Contains("the data folder is not free", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_a_fault_that_names_it()
    {
        await using var first = await TestHost.StartAsync(azurite.ConnectionString, typeof(One));

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(
            () => TestHost.StartAsync(azurite.ConnectionString, o => o with { HttpPort = first.Host.BaseAddress.Port }, [typeof(One)]));

        Assert.Contains($"port {first.Host.BaseAddress.Port}", failure.Message, StringComparison.Ordinal);
    }
}
