using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Observe.Tests;

/// <summary>A platform that storage refuses starts all the same and says which role, network rule or name is wrong.</summary>
public sealed class AccessTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", "needs the role '{0}'. Assign it with: az role assignment create --assignee 1111 --role \"{0}\" --scope \"$(az storage account show --name lake --query id --output tsv)\"")]
    [InlineData(403, "AuthorizationFailure", "must come through the private endpoint")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", "__accountName'")]
    [InlineData(403, "AuthenticationFailed", "do not accept the identity with client id '1111'")]
    [InlineData(401, "InvalidAuthenticationInfo", "do not accept the identity with client id '1111'")]
    public async Task A_refusal_of_storage_is_named_for_each_of_its_services(int status, string code, string expected)
    {
        await using var storage = await RefusingStorage.StartAsync(status, code);
        using var host = await StartedHostAsync(storage.Clients());

        var report = await host.Services.GetRequiredService<HealthReporter>().ReportAsync(Services.DataCollector, HealthQuestion.Ready, Cancel);

        foreach (var (check, role) in new[] { ("storage:blobs", "Storage Blob Data Contributor"), ("storage:queues", "Storage Queue Data Contributor"), ("storage:tables", "Storage Table Data Contributor") })
        {
            var found = report!.Checks.Single(c => c.Name == check);
            Assert.Equal(HealthStatus.Fail, found.Status);
            Assert.Contains(string.Format(null, expected, role), found.Detail, StringComparison.Ordinal);
            Assert.Contains($"{status} {code}", found.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(503, report!.StatusCode);
        Assert.Equal(HealthStatus.Pass, (await host.Services.GetRequiredService<HealthReporter>().ReportAsync(Services.DataCollector, HealthQuestion.Live, Cancel))!.Status);
    }

    [Fact]
    public async Task Once_the_role_is_there_what_was_left_undone_is_done()
    {
        await using var storage = await RefusingStorage.StartAsync(403, "AuthorizationPermissionMismatch");
        using var host = await StartedHostAsync(storage.Clients());
        var setup = host.Services.GetRequiredService<StorageSetup>();
        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => setup.EnsureBlobsAsync(Cancel));
        var before = storage.Asked;

        storage.Allow();
        await setup.EnsureBlobsAsync(Cancel);
        Assert.Equal(before + Containers.All.Count, storage.Asked);

        await setup.EnsureBlobsAsync(Cancel);
        Assert.Equal(before + Containers.All.Count, storage.Asked);
    }

    [Fact]
    public void A_name_that_leads_nowhere_and_an_identity_that_is_none_are_told_apart()
    {
        var resource = AzureResource.Storage("blobs", "Storage Blob Data Contributor", new("https://lake.blob.core.windows.net"), "DataStorage") with { ClientId = "1111" };

        var name = AccessFault.Of(resource, new AggregateException(new Azure.RequestFailedException(0, "no", new HttpRequestException(HttpRequestError.NameResolutionError))));
        Assert.Equal(AccessFaultKind.Name, name!.Kind);
        Assert.Contains("'lake.blob.core.windows.net'", name.Message, StringComparison.Ordinal);
        Assert.Contains("private DNS zone", name.Message, StringComparison.Ordinal);

        var none = AccessFault.Of(resource, new CredentialUnavailableException("no identity"));
        Assert.Equal(AccessFaultKind.Identity, none!.Kind);
        Assert.Contains("az functionapp identity assign", none.Message, StringComparison.Ordinal);

        Assert.Equal(AccessFaultKind.Unreachable, AccessFault.Of(resource, new Azure.RequestFailedException(0, "refused", new HttpRequestException("refused")))!.Kind);
        Assert.Null(AccessFault.Of(resource, new Azure.RequestFailedException(503, "busy", "ServerBusy", null)));
        Assert.Null(AccessFault.Of(resource, new InvalidOperationException("else")));
    }

    [Theory]
    [InlineData("ForbiddenByRbac", AccessFaultKind.Role, "'Key Vault Secrets User'")]
    [InlineData("ForbiddenByFirewall", AccessFaultKind.Network, "private endpoint")]
    [InlineData("ForbiddenByConnection", AccessFaultKind.Network, "private endpoint")]
    public void Key_Vault_says_why_in_an_inner_code(string inner, AccessFaultKind kind, string expected)
    {
        var fault = AccessFault.Refused(AzureResource.Secrets(new("https://safe.vault.azure.net")), 403, "Forbidden", "{\"error\":{\"code\":\"Forbidden\",\"innererror\":{\"code\":\"" + inner + "\"}}}");

        Assert.Equal(kind, fault.Kind);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint=https://sched.westeurope.durabletask.io;Authentication=ManagedIdentity;ClientID=2222", "Status(StatusCode=\"PermissionDenied\", Detail=\"…\")", "'Durable Task Data Contributor'", "2222")]
    [InlineData(null, "AuthorizationPermissionMismatch", "'Storage Queue Data Contributor'", "1111")]
    public async Task A_task_hub_that_refuses_is_named_with_its_role(string? scheduler, string said, string role, string client)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
            [new("AzureWebJobsStorage:accountName", "host"), new("AzureWebJobsStorage:clientId", "1111"), new(TaskHubProbe.Scheduler, scheduler), new("AzureFunctionsJobHost:extensions:durableTask:hubName", "blue")]).Build();

        var answer = await new TaskHubProbe(_ => throw new InvalidOperationException(said), settings).CheckAsync(Cancel);

        Assert.Equal(HealthStatus.Fail, answer.Status);
        Assert.Contains(role, answer.Detail, StringComparison.Ordinal);
        Assert.Contains($"--assignee {client}", answer.Detail, StringComparison.Ordinal);
        Assert.Contains("task hub 'blue'", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Pass, (await new TaskHubProbe(_ => Task.CompletedTask, settings).CheckAsync(Cancel)).Status);
    }

    static async Task<IHost> StartedHostAsync(StorageClients clients)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            [new("AzureWebJobsStorage:accountName", "host"), new("AzureWebJobsStorage:clientId", "1111"), new("DataStorage:accountName", "lake"), new("DataStorage:clientId", "1111")]);
        builder.Services.AddStorage().AddSingleton(clients).AddObserve();
        var host = builder.Build();
        await host.StartAsync(Cancel); // it starts, whatever storage says
        return host;
    }

    /// <summary>Blobs, queues and tables that refuse, with the codes and the documents of the real ones.</summary>
    sealed class RefusingStorage : IAsyncDisposable
    {
        readonly WebApplication _app;
        int _asked;
        bool _allowed;

        RefusingStorage(WebApplication app) => _app = app;

        public int Asked => Volatile.Read(ref _asked);

        public void Allow() => _allowed = true;

        public static async Task<RefusingStorage> StartAsync(int status, string code)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var storage = new RefusingStorage(builder.Build());
            storage._app.Run(async context =>
            {
                Interlocked.Increment(ref storage._asked);
                if (storage._allowed)
                {
                    context.Response.StatusCode = 201;
                    return;
                }

                context.Response.StatusCode = status;
                context.Response.Headers["x-ms-error-code"] = code;
                var isTable = context.Request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal);
                context.Response.ContentType = isTable ? "application/json;odata=minimalmetadata" : "application/xml";
                await context.Response.WriteAsync(isTable
                    ? "{\"odata.error\":{\"code\":\"" + code + "\",\"message\":{\"lang\":\"en-US\",\"value\":\"This request is not authorized.\"}}}"
                    : $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>This request is not authorized.\nRequestId:0</Message></Error>");
            });
            await storage._app.StartAsync(Cancel);
            return storage;
        }

        // Without an identity, because a token is never sent in the clear; the account's name is in the path, as the emulator has it.
        public StorageClients Clients()
        {
            var address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/lake");
            return new(new BlobServiceClient(address), new QueueServiceClient(address), new TableServiceClient(address, new TableSharedKeyCredential("lake", "AAAA")));
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
