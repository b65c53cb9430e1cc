using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.LocalRuntime.Tests.Hosting;

public sealed class StandaloneAppTests(AzuriteFixture azurite)
{
    public sealed class Hello(Recorder recorder)
    {
        [Function("Hello")]
        public async Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            recorder.Record("began", request.Path.Value);
            await recorder.Gate("go").Task;
            return new OkObjectResult("hello");
        }
    }

    public sealed class Marking(Recorder recorder) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            recorder.Record("before", context.FunctionDefinition.Name);
            await next(context);
            recorder.Record("after", context.GetHttpContext()?.Request.Path.Value);
        }
    }

    [Fact]
    public async Task An_ordinary_program_runs_its_own_functions_and_a_stop_drains_them()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("standalone");
        var recorder = new Recorder();

        var builder = FunctionsApplication.CreateBuilder(
            [$"--LocalRuntime:DataDirectory={folder.Path}", "--LocalRuntime:HttpPort=0", $"--AzureWebJobsStorage={azurite.ConnectionString}"]);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<Marking>();
        builder.Services.AddSingleton(recorder).AddHttpClient();
        // What Build() does, with the functions of this class only.
        StandaloneApp.AddTo(builder, typeof(StandaloneAppTests).Assembly, [typeof(Hello)]);
        using var app = builder.BuildForHost();
        await app.StartAsync(cancellationToken);
        var host = app.Services.GetServices<IHostedService>().OfType<StandaloneApp>().Single().Host!;
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        var response = http.GetStringAsync(new Uri(host.BaseAddress, "/api/Hello"), cancellationToken);
        await recorder.WaitAsync("began");
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stop = app.WaitForShutdownAsync(cancellationToken);
        recorder.Gate("go").SetResult();

        Assert.Equal("hello", await response);
        await stop;
        Assert.Equal(["Hello"], recorder.Of("before"));
        Assert.Equal(["/api/Hello"], recorder.Of("after"));
    }
}
