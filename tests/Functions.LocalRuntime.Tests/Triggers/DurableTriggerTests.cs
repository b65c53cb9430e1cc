using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class DurableTriggerTests(AzuriteFixture azurite)
{
    public sealed class Flow(Recorder recorder)
    {
        [Function("StartFlow")]
        public static async Task<IActionResult> StartAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [DurableClient] DurableTaskClient client)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Flow", new Order("a", 2));
            var links = client.CreateHttpManagementPayload(id);
            return new AcceptedResult(links.StatusQueryGetUri, links);
        }

        [Function("Flow")]
        public static async Task<Order> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
        {
            var doubled = await context.CallActivityAsync<Order>("DoubleOrder", order);
            await context.CallActivityAsync("AskNothing");
            var reply = await context.WaitForExternalEvent<string>("reply");
            return doubled with { Id = reply };
        }

        [Function("DoubleOrder")]
        public Order Double([ActivityTrigger] Order order, string instanceId, FunctionContext context)
        {
            recorder.Record("activity", (instanceId, context.FunctionDefinition.Name));
            return order with { Amount = order.Amount * 2 };
        }

        [Function("AskNothing")]
        public Task AskNothingAsync([ActivityTrigger] object? nothing, CancellationToken cancellationToken)
        {
            recorder.Record("nothing", nothing);
            return Task.CompletedTask;
        }

        [Function("Answer")]
        public static async Task AnswerAsync([QueueTrigger("%Queue%")] string instance, [DurableClient] DurableTaskClient client) =>
            await client.RaiseEventAsync(instance, "REPLY", "b");
    }

    [Fact]
    public async Task An_HTTP_start_runs_orchestrator_and_activities_and_a_queue_function_raises_the_event()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Flow));

        var response = await test.Http.PostAsync("/api/StartFlow", null, TestContext.Current.CancellationToken);
        var links = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var id = links.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal((id, "DoubleOrder"), (await test.Recorder.WaitAsync("activity"))[0]);
        await test.Recorder.WaitAsync("nothing");

        await test.Queue("queue").CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await test.Queue("queue").SendMessageAsync(id, TestContext.Current.CancellationToken);
        var done = await test.Host.DurableClient.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, TestContext.Current.CancellationToken);

        Assert.Equal(new Order("b", 4), done.ReadOutputAs<Order>());
        var status = await test.Http.GetAsync(new Uri(links.GetProperty("statusQueryGetUri").GetString()!), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    [Fact]
    public async Task The_management_endpoints_ask_for_the_system_key()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Flow));

        var refused = await test.Http.GetAsync("/runtime/webhooks/durabletask/instances", TestContext.Current.CancellationToken);
        var admitted = await test.Http.GetAsync($"/runtime/webhooks/durabletask/instances?code={test.Host.SystemKey}", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, admitted.StatusCode));
    }
}
