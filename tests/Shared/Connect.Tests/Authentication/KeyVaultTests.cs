using System.Net;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class KeyVaultTests
{
    [Fact]
    public async Task Secrets_are_read_after_the_vaults_challenge()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Secrets["vendor-key"] = "newest";
        vault.Secrets["vendor-key/abc123"] = "of that version";
        var reader = Reader(vault);

        Assert.Equal("newest of that version", await reader.ResolveAsync("${keyvault:vendor-key} ${keyvault:vendor-key/abc123}", TestContext.Current.CancellationToken));
        Assert.EndsWith("/secrets/vendor-key ", vault.Asked.First(), StringComparison.Ordinal); // the first question carries no token
    }

    [Fact]
    public async Task A_secret_is_kept_for_a_minute_and_many_that_ask_at_once_read_it_once()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Secrets["vendor-key"] = "one";
        var time = new FakeTimeProvider();
        var reader = Reader(vault, time);

        var first = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => reader.ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken)));
        vault.Secrets["vendor-key"] = "two";
        time.Advance(TimeSpan.FromSeconds(59));
        var kept = await reader.ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        var anew = await reader.ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken);

        Assert.All(first, value => Assert.Equal("one", value));
        Assert.Equal(("one", "two"), (kept, anew));
        Assert.Equal(3, vault.Asked.Count); // the challenge, and each value once
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "secret-refused", false, "403")]
    [InlineData(HttpStatusCode.TooManyRequests, "secret-unavailable", true, "429")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "secret-unavailable", true, "503")]
    public async Task What_the_vault_says_becomes_a_failure_that_names_the_secret(HttpStatusCode status, string code, bool transient, string named)
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Fault = status;

        var failure = await Sources.FailureOfAsync(() => Reader(vault).ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken));

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Contains("'vendor-key'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_the_vault_does_not_have_is_named()
    {
        await using var vault = await FakeVault.StartAsync();

        var failure = await Sources.FailureOfAsync(() => Reader(vault).ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken));

        Assert.Equal("setting-missing", failure.Code);
        Assert.Contains("Key Vault has no secret 'vendor-key'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_is_away_stops_nobody_who_has_the_secret()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Secrets["vendor-key"] = "one";
        var time = new FakeTimeProvider();
        var reader = Reader(vault, time);
        await reader.ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken);

        vault.Fault = HttpStatusCode.ServiceUnavailable;
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("one", await reader.ResolveAsync("${keyvault:vendor-key}", TestContext.Current.CancellationToken));
    }

    static SecretReader Reader(FakeVault vault, TimeProvider? time = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("KeyVault:uri", (string?)vault.Address.ToString())]).Build();
        return new([new KeyVaultSecrets(settings, vault.Open)], settings, time ?? TimeProvider.System);
    }
}
