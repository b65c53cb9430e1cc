using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class RotationTests : IDisposable
{
    readonly TemporaryFolder _folder = new("rotation");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_secret_that_was_changed_is_read_anew_after_a_401_and_the_request_made_once_more()
    {
        var accepted = "first-key";
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Key"] == accepted ? 200 : 401;
            return context.Response.WriteAsync("figures");
        });
        await using var services = Services(out var key);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: ApiKey(key));
        await http.GetTextAsync(source);

        accepted = "second-key";
        await File.WriteAllTextAsync(key, accepted, TestContext.Current.CancellationToken);
        var answer = await http.GetTextAsync(source);

        Assert.Equal(("figures", 2), (answer.Value, answer.Requests));
        Assert.Equal(["first-key", "first-key", "second-key"], server.Received.Select(r => r.Headers["X-Key"]));
    }

    [Fact]
    public async Task A_secret_that_is_as_it_was_is_not_tried_again()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        await using var services = Services(out var key);

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: ApiKey(key))));

        Assert.Equal("unauthorized", failure.Code);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task The_old_secret_stays_masked_after_the_new_one_came()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            File.WriteAllText(Path.Combine(_folder.Path, "key"), "second-key");
            context.Response.StatusCode = n == 1 ? 401 : 403;
            return context.Response.WriteAsync("it was first-key and is second-key");
        });
        await using var services = Services(out var key);

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: ApiKey(key))));

        Assert.Contains("It said: it was *** and is ***", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_that_refuses_a_changed_secret_is_opened_once_more_with_the_new_one()
    {
        var system = new LoginSystem { Accepted = "first-key" };
        await using var services = Services(out var key, system);
        var access = services.GetRequiredService<ISourceAccess>();
        var source = new SourceDefinition
        {
            Source = "vendor",
            Kind = SourceKind.Database,
            Connection = new()
            {
                System = "login",
                BaseUrl = "login://localhost",
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "reader", ["value"] = $"${{file:{key}}}" } },
            },
        };
        await access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), TestContext.Current.CancellationToken);

        system.Accepted = "second-key";
        await File.WriteAllTextAsync(key, system.Accepted, TestContext.Current.CancellationToken);

        Assert.Equal("second-key", await access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), TestContext.Current.CancellationToken));
        system.Accepted = "third-key";
        Assert.Equal("unauthorized", (await Sources.FailureOfAsync(() => access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), TestContext.Current.CancellationToken))).Code);
    }

    static AuthenticationDefinition ApiKey(string path) =>
        new() { Kind = "api-key", Options = new Dictionary<string, string> { ["header"] = "X-Key", ["value"] = $"${{file:{path}}}" } };

    ServiceProvider Services(out string key, ISourceSystem? system = null)
    {
        key = Path.Combine(_folder.Path, "key");
        File.WriteAllText(key, "first-key\n");
        return Sources.Services(configure: services => services.AddSingleton(system ?? new LoginSystem()), settings: [("Ingestion:SecretFolders", _folder.Path)]);
    }

    sealed class LoginSystem : ISourceSystem
    {
        public string Accepted { get; set; } = "";

        public string Name => "login";

        public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

        public IReadOnlyList<string> Schemes => ["login"];

        public IReadOnlyList<string> Authentication => ["basic"];

        public Type ConnectionOptions => typeof(NoOptions);

        public Type ReadOptions => typeof(NoOptions);

        public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) => site.Login!.Password == Accepted
            ? Task.FromResult<ISourceConnection>(new Open(this, Accepted, site))
            : throw site.Fail("unauthorized", "the password is wrong", isTransient: false);

        // A connection opened with a password that no longer counts is refused too, as a server does that ends its sessions.
        sealed class Open(LoginSystem system, string password, SourceSite site) : ISourceConnection
        {
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            public Task<string> ProbeAsync(CancellationToken cancellationToken) => password == system.Accepted
                ? Task.FromResult(password)
                : throw site.Fail("unauthorized", "the session has ended", isTransient: false);

            public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => throw new NotSupportedException();
        }
    }
}
