using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class InvocationTests(AzuriteFixture azurite)
{
    public sealed class Scoped
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    public sealed class Functions(Recorder recorder, Scoped scoped)
    {
        [Function("Measured")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "measured/{fail:bool}")] HttpRequest request, bool fail, FunctionContext context)
        {
            var same = context.InstanceServices.GetRequiredService<Scoped>();
            recorder.Record("scope", (scoped.Id, same.Id, context.InvocationId));
            return fail ? throw new InvalidOperationException("as asked") : new OkResult();
        }

        [Function("Endless")]
        public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Fact]
    public async Task Every_invocation_has_a_scope_a_span_and_counts()
    {
        var app = TestHost.NewPrefix();
        var spans = new ConcurrentQueue<Activity>();
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DataIngestion.LocalRuntime",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == "DataIngestion.LocalRuntime")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Any(t => t.Key == "app" && (string?)t.Value == app))
                counts.AddOrUpdate(instrument.Name, value, (_, old) => old + value);
        });
        meters.Start();
        await using var test = await Start(app, hostJson: null);

        await test.Http.GetAsync("/api/measured/false", TestContext.Current.CancellationToken);
        await test.Http.GetAsync("/api/measured/true", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(counts.GetValueOrDefault("functions.invocations") == 2));

        var scopes = test.Recorder.Of("scope").Cast<(Guid Own, Guid Context, string Invocation)>().ToList();
        Assert.All(scopes, s => Assert.Equal(s.Own, s.Context));
        Assert.NotEqual(scopes[0].Own, scopes[1].Own);
        Assert.Equal(1, counts.GetValueOrDefault("functions.failures"));
        var own = spans.Where(s => (string?)s.GetTagItem("service.name") == app).ToList();
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], own.Select(s => s.Status));
        Assert.Equal(scopes.Select(s => s.Invocation), own.Select(s => (string?)s.GetTagItem("faas.invocation_id")));
    }

    [Fact]
    public async Task A_function_that_exceeds_its_time_is_told_to_stop()
    {
        using var folder = new TemporaryFolder("json");
        await File.WriteAllTextAsync(folder.File("host.json"), """{ "version": "2.0", "functionTimeout": "00:00:00.2" }""", TestContext.Current.CancellationToken);
        await using var test = await Start(TestHost.NewPrefix(), folder.File("host.json"));

        var response = await test.Http.GetAsync("/api/Endless", TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)response.StatusCode);
    }

    Task<TestHost> Start(string app, string? hostJson)
    {
        var recorder = new Recorder();
        return TestHost.StartAsync(
            azurite.ConnectionString,
            o => o with
            {
                Apps =
                [
                    new(app, typeof(TestHost).Assembly, builder =>
                    {
                        TestHost.Configure(builder, recorder);
                        builder.Services.AddScoped<Scoped>();
                    }, hostJson) { Only = [typeof(Functions)] },
                    o.Apps[0] with { Only = [typeof(TimerTriggerTests.Nothing)] },
                ],
            },
            [],
            recorder: recorder);
    }
}
