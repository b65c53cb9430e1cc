using System.Security.Cryptography;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect.Tests;

public sealed class TokenKeyTests : IDisposable
{
    static readonly string One = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    static readonly string Other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    readonly TemporaryFolder _folder = new("token-key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_sealed_is_opened_at_its_place_only()
    {
        var stop = TestContext.Current.CancellationToken;
        var keys = Keys(One);
        var text = await keys.SealAsync("place", "a token", stop);

        Assert.Equal("a token", await keys.OpenAsync("place", text, stop));
        Assert.Null(await keys.OpenAsync("another place", text, stop));
        Assert.NotEqual(text, await keys.SealAsync("place", "a token", stop));
        foreach (var changed in new[] { text[..^8] + "AAAAAAA=", text.Split(':')[0] + ":AAAA", "", "nothing", text.Replace(':', ';') })
            Assert.Null(await keys.OpenAsync("place", changed, stop));
    }

    [Fact]
    public async Task A_key_is_changed_by_putting_the_new_one_before_the_old_one()
    {
        var stop = TestContext.Current.CancellationToken;
        var old = await Keys(One).SealAsync("place", "a token", stop);
        var both = Keys($"{Other} {One}");

        Assert.Equal("a token", await both.OpenAsync("place", old, stop));
        Assert.Null(await Keys(One).OpenAsync("place", await both.SealAsync("place", "a token", stop), stop));
        Assert.Null(await Keys(Other).OpenAsync("place", old, stop));
    }

    [Fact]
    public async Task On_one_machine_the_key_is_a_file_for_its_owner_alone()
    {
        var stop = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder.Path, "made", "token.key");
        var sealedTexts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Keys(null, path).SealAsync("place", "a token", stop), stop)));

        foreach (var text in sealedTexts)
            Assert.Equal("a token", await Keys(null, path).OpenAsync("place", text, stop));
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(path)!), file => file.EndsWith(".draft", StringComparison.Ordinal));

        if (!OperatingSystem.IsWindows()) // which has no such modes
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Equal("secret-refused", (await Sources.FailureOfAsync(() => Keys(null, path).SealAsync("place", "a token", stop))).Code);
        }
    }

    [Theory]
    [InlineData("short"), InlineData("AAAA"), InlineData("   ")]
    public async Task A_key_that_is_none_is_told_without_showing_it(string key)
    {
        var failure = await Sources.FailureOfAsync(() => Keys(key).SealAsync("place", "a token", TestContext.Current.CancellationToken));

        Assert.Equal("setting-invalid", failure.Code);
        Assert.Contains("'Ingestion:TokenKey'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_that_share_a_storage_account_need_a_key_that_they_share()
    {
        var azure = StorageClients.Connect("DefaultEndpointsProtocol=https;AccountName=shared;AccountKey=AAAA;EndpointSuffix=core.windows.net");

        var failure = await Sources.FailureOfAsync(() => Keys(null, storage: azure).SealAsync("place", "a token", TestContext.Current.CancellationToken));

        Assert.Equal("setting-missing", failure.Code);
        Assert.Contains("'Ingestion:TokenKey'", failure.Message, StringComparison.Ordinal);
    }

    static TokenKeys Keys(string? key, string? path = null, StorageClients? storage = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Ingestion:TokenKey", key), KeyValuePair.Create("Ingestion:TokenKeyFile", path)]).Build();
        return new(new([], settings, TimeProvider.System), settings, TimeProvider.System, storage);
    }
}
