using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>Workers with nothing in common but the storage account.</summary>
[Trait("Category", "server")]
public sealed class FleetTokenTests(AzuriteFixture azurite) : IDisposable
{
    const int Workers = 50;

    readonly TemporaryFolder _folder = new("fleet");
    readonly string _unique = Guid.NewGuid().ToString("N");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fifty_workers_that_ask_at_once_cause_one_request()
    {
        await using var server = await TokenServer.StartAsync();
        await using var fleet = await FleetAsync();

        var answers = await AskAllAsync(fleet, server);

        Assert.All(answers, answer => Assert.Equal("figures for Bearer token-1", answer));
        Assert.Single(server.Forms);
    }

    [Fact]
    public async Task Fifty_workers_whose_token_was_taken_back_cause_one_request()
    {
        await using var server = await TokenServer.StartAsync();
        var times = new List<ShiftedTime>();
        await using var fleet = await FleetAsync(time: _ => Add(times, new()));
        await AskAllAsync(fleet, server);

        server.Accepted = "token-2";
        times.ForEach(time => time.Shift += TimeSpan.FromMinutes(1)); // it is no longer young
        var answers = await AskAllAsync(fleet, server);

        Assert.All(answers, answer => Assert.Equal("figures for Bearer token-2", answer));
        Assert.Equal(2, server.Forms.Count);
    }

    [Fact]
    public async Task Clocks_that_are_wrong_by_hours_change_nothing()
    {
        await using var server = await TokenServer.StartAsync();
        await using var fleet = await FleetAsync(time: n => new ShiftedTime { Shift = TimeSpan.FromHours(n - (Workers / 2)) });

        var first = await AskAllAsync(fleet, server);
        var second = await AskAllAsync(fleet, server);

        Assert.All(first.Concat(second), answer => Assert.Equal("figures for Bearer token-1", answer));
        Assert.Single(server.Forms);
    }

    [Fact]
    public async Task A_worker_that_dies_while_it_asks_holds_the_others_up_until_its_lease_ends()
    {
        await using var server = await TokenServer.StartAsync();
        var (asked, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Fault = async (_, n, stop) =>
        {
            if (n > 1)
                return false;
            asked.SetResult();
            await never.Task.WaitAsync(stop); // its answer comes too late for a process that is gone
            return true;
        };
        await using var fleet = await FleetAsync(("Ingestion:TokenLease", "00:00:02"));
        var dead = DeadStore(fleet[0]);
        var died = fleet[0].GetRequiredService<ISourceHttp>().GetTextAsync(Source(server));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        dead();

        var answers = await AskAllAsync(fleet.Skip(1), server);

        Assert.All(answers, answer => Assert.Equal("figures for Bearer token-1", answer));
        Assert.Equal(2, server.Forms.Count); // the dead worker's, and one of the others'
        never.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => died);
    }

    [Fact]
    public async Task An_endpoint_in_trouble_is_asked_by_one_worker_at_a_time_and_all_go_on_when_it_is_back()
    {
        await using var server = await TokenServer.StartAsync();
        server.Fault = (context, n, _) =>
        {
            if (n <= 2)
                context.Response.StatusCode = 503;
            return Task.FromResult(n <= 2);
        };
        await using var fleet = await FleetAsync();

        var answers = await AskAllAsync(fleet, server);

        Assert.All(answers, answer => Assert.Equal("figures for Bearer token-1", answer));
        Assert.Equal(3, server.Forms.Count); // two refusals and the token, for fifty workers
    }

    [Fact]
    public async Task A_lasting_refusal_is_told_to_all_and_asked_for_once()
    {
        await using var server = await TokenServer.StartAsync();
        server.Fault = (context, _, _) => TokenServer.RefuseAsync(context, System.Net.HttpStatusCode.Unauthorized, "invalid_client", "unknown client");
        await using var fleet = await FleetAsync();

        var failures = await Task.WhenAll(fleet.Select(worker => Sources.FailureOfAsync(() => worker.GetRequiredService<ISourceHttp>().GetTextAsync(Source(server)))));

        Assert.All(failures, failure => Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient)));
        Assert.Single(server.Forms);
    }

    [Fact]
    public async Task What_is_kept_is_sealed()
    {
        await using var server = await TokenServer.StartAsync();
        server.Rotates = true;
        await using var fleet = await FleetAsync(("REFRESH", "refresh-0"));
        var auth = Auth(server, ("grant", "refresh-token"), ("refreshToken", "${REFRESH}"));
        await fleet[0].GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: auth));

        var blobs = fleet[0].GetRequiredService<BlobStore>();
        await using var kept = await blobs.OpenReadAsync(new(Containers.Control, $"tokens/{TokenCache.KeyOf("oauth2", auth.Options)}.json"), TestContext.Current.CancellationToken);
        var text = await new StreamReader(kept).ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\"source\": \"vendor\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
    }

    static Action DeadStore(ServiceProvider worker)
    {
        var store = (MortalStore)worker.GetRequiredService<ITokenStore>();
        return () => store.IsDead = true;
    }

    static ShiftedTime Add(List<ShiftedTime> times, ShiftedTime time)
    {
        times.Add(time);
        return time;
    }

    static Task<string[]> AskAllAsync(IEnumerable<ServiceProvider> fleet, TokenServer server, AuthenticationDefinition? auth = null) => Task.WhenAll(fleet.Select(async worker =>
        (await worker.GetRequiredService<ISourceHttp>().GetTextAsync(auth is null ? Source(server) : Sources.At(server.Address, auth: auth))).Value));

    static SourceDefinition Source(TokenServer server) => Sources.At(server.Address, Sources.Quick with { Attempts = 10 }, Auth(server));

    static AuthenticationDefinition Auth(TokenServer server, params (string Name, string Value)[] options)
    {
        var all = new Dictionary<string, string> { ["grant"] = "client-credentials", ["tokenUrl"] = server.TokenUrl, ["clientId"] = "client", ["clientSecret"] = "${SECRET}" };
        foreach (var (name, value) in options)
            all[name] = value;
        return new() { Kind = "oauth2", Options = all };
    }

    async Task<Fleet> FleetAsync(params (string Name, string Value)[] settings) => await FleetAsync(null, settings);

    async Task<Fleet> FleetAsync(Func<int, TimeProvider>? time, params (string Name, string Value)[] settings)
    {
        var storage = StorageClients.Connect(azurite.ConnectionString);
        await new BlobStore(storage).CreateContainersAsync(TestContext.Current.CancellationToken);
        return new(Enumerable.Range(0, Workers).Select(n => Sources.Services(
            time: time?.Invoke(n),
            configure: services =>
            {
                var own = StorageClients.Connect(azurite.ConnectionString);
                services.AddSingleton(own);
                services.AddSingleton<BlobStore>();
                services.AddSingleton<ITokenStore>(new MortalStore(new BlobTokenStore(own)));
            },
            settings: [("SECRET", $"the-secret-{_unique}"), ("Ingestion:TokenKeyFile", Path.Combine(_folder.Path, "token.key")), .. settings])));
    }

    sealed class Fleet(IEnumerable<ServiceProvider> workers) : List<ServiceProvider>(workers), IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var worker in this)
                await worker.DisposeAsync();
        }
    }

    /// <summary>A store whose worker may die: nothing is written from then on.</summary>
    sealed class MortalStore(ITokenStore inner) : ITokenStore
    {
        public bool IsDead { get; set; }

        public Task<StoredToken> ReadAsync(string key, CancellationToken cancellationToken) => IsDead ? throw new IOException("dead") : inner.ReadAsync(key, cancellationToken);

        public Task<string?> TryWriteAsync(string key, byte[] content, string? version, CancellationToken cancellationToken) =>
            IsDead ? throw new IOException("dead") : inner.TryWriteAsync(key, content, version, cancellationToken);
    }

    sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
