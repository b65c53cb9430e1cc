using System.Net;
using Azure.Data.Tables;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

/// <summary>Envelope encryption by a vault that does real RSA, with the wrapped keys in a real table.</summary>
[Collection("data-keys")] // one table
public sealed class DataKeyTests(AzuriteFixture azurite) : IAsyncLifetime
{
    readonly StorageClients _storage = StorageClients.Connect(azurite.ConnectionString);
    FakeVault _vault = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _vault = await FakeVault.StartAsync();
        _vault.AddKeyVersion("v1");
        await Table.CreateIfNotExistsAsync(Stop);
        foreach (var row in Rows())
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Stop);
    }

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    TableClient Table => _storage.Tables.GetTableClient("datakeys");

    [Fact]
    public async Task A_fleet_makes_one_key_keeps_it_wrapped_and_each_worker_asks_the_vault_once()
    {
        var workers = Enumerable.Range(0, 8).Select(_ => Worker()).ToList();

        var texts = await Task.WhenAll(workers.SelectMany(w => Enumerable.Range(0, 4).Select(i => w.SealAsync("place", $"token {i}", Stop))));

        var row = Assert.Single(Rows());
        Assert.Equal("v1", row.RowKey);
        Assert.All(texts, text => Assert.StartsWith("kv-v1:", text, StringComparison.Ordinal));
        foreach (var worker in workers)
            Assert.Equal("token 3", await worker.OpenAsync("place", texts[^1], Stop));
        Assert.Null(await workers[0].OpenAsync("another place", texts[0], Stop));
        Assert.Equal(workers.Count, _vault.KeyOperations.Count(o => o == "get"));

        var wrapped = Convert.FromBase64String(row.GetString("Wrapped"));
        Assert.Equal(256, wrapped.Length); // RSA 2048: what lies in the table is no key
        var before = _vault.KeyOperations.Count;
        await workers[0].SealAsync("place", "again", Stop);
        Assert.Equal(before, _vault.KeyOperations.Count);
    }

    [Fact]
    public async Task A_newer_version_of_the_vaults_key_seals_within_a_day_and_older_ones_still_open()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var worker = Worker(time);
        var old = await worker.SealAsync("place", "old", Stop);
        _vault.AddKeyVersion("v2");

        Assert.StartsWith("kv-v1:", await worker.SealAsync("place", "still old", Stop), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(1));
        var fresh = await worker.SealAsync("place", "new", Stop);

        Assert.StartsWith("kv-v2:", fresh, StringComparison.Ordinal);
        foreach (var opener in new[] { worker, Worker() })
        {
            Assert.Equal("old", await opener.OpenAsync("place", old, Stop));
            Assert.Equal("new", await opener.OpenAsync("place", fresh, Stop));
        }

        Assert.Equal(2, Rows().Count);
    }

    [Fact]
    public async Task A_vault_that_is_away_does_not_stop_a_worker_that_has_a_key()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var worker = Worker(time);
        var text = await worker.SealAsync("place", "token", Stop);

        _vault.Fault = HttpStatusCode.ServiceUnavailable;
        time.Advance(TimeSpan.FromDays(1));

        Assert.StartsWith("kv-v1:", await worker.SealAsync("place", "more", Stop), StringComparison.Ordinal);
        Assert.Equal("token", await worker.OpenAsync("place", text, Stop));
        var failure = await Sources.FailureOfAsync(() => Worker().SealAsync("place", "token", Stop));
        Assert.Equal(("secret-unavailable", true), (failure.Code, failure.IsTransient));

        _vault.Fault = null;
        Assert.Equal("token", await Worker().OpenAsync("place", text, Stop));
    }

    [Theory]
    [InlineData("ForbiddenByRbac", "needs the role 'Key Vault Crypto Service Encryption User'")]
    [InlineData("ForbiddenByConnection", "private endpoint")]
    public async Task A_vault_that_refuses_is_told_with_the_role_and_is_not_asked_for_ever(string inner, string expected)
    {
        (_vault.Fault, _vault.InnerCode) = (HttpStatusCode.Forbidden, inner);

        var failure = await Sources.FailureOfAsync(() => Worker().SealAsync("place", "token", Stop));

        Assert.Equal(("secret-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_gone_is_told()
    {
        _vault.Keys.Clear();

        var failure = await Sources.FailureOfAsync(() => Worker().SealAsync("place", "token", Stop));

        Assert.Equal("secret-missing", failure.Code);
        Assert.Contains("az keyvault key create", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_setting_with_a_raw_key_sealed_opens_while_that_setting_stays()
    {
        var raw = Convert.ToBase64String(new byte[32]);
        var sealedBefore = await new TokenKeys(new([], Settings(raw), TimeProvider.System), Settings(raw), TimeProvider.System).SealAsync("place", "before", Stop);

        Assert.Equal("before", await Worker(raw: raw).OpenAsync("place", sealedBefore, Stop));
        Assert.Null(await Worker().OpenAsync("place", sealedBefore, Stop));
        Assert.StartsWith("kv-", await Worker(raw: raw).SealAsync("place", "after", Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://name.vault.azure.net/keys/client-encryption", true)]
    [InlineData("https://name.vault.azure.net/keys/client-encryption/", true)]
    [InlineData("https://name.vault.azure.net/keys/client-encryption/0123", false)]
    [InlineData("http://name.vault.azure.net/keys/client-encryption", false)]
    [InlineData("https://name.vault.azure.net/secrets/client-encryption", false)]
    [InlineData("client-encryption", false)]
    public void A_keys_address_names_vault_and_key_and_no_version(string text, bool isKey) => Assert.Equal(isKey, VaultKeyClient.ParseKey(text) is not null);

    [Theory]
    [InlineData("name.vault.azure.net", "https://vault.azure.net/.default")]
    [InlineData("name.vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net/.default")]
    public void Tokens_are_for_the_vaults_of_the_cloud(string host, string scope) => Assert.Equal(scope, VaultKeyClient.ScopeOf(host));

    TokenKeys Worker(TimeProvider? time = null, string? raw = null)
    {
        var clock = time ?? TimeProvider.System;
        var keys = new DataKeys(new(_vault.Key, _vault.OpenKeys, "1111"), _storage.Tables, clock, NullLogger<DataKeys>.Instance);
        return new(new([], Settings(raw), clock), Settings(raw), clock, _storage, keys);
    }

    static IConfiguration Settings(string? raw) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Ingestion:TokenKey", raw)]).Build();

    List<TableEntity> Rows() => [.. Table.Query<TableEntity>(cancellationToken: Stop)];
}
