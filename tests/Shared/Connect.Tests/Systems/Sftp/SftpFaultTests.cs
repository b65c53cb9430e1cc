using System.Security.Cryptography;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

/// <summary>What can go wrong with an SFTP server: how it is retried, what is landed, what is reported.</summary>
[Trait("Category", "server"), System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SftpFaultTests(SharedServers servers)
{
    const int Megabyte = 1 << 20;

    static readonly LimitsDefinition Once = Sources.Quick with { Attempts = 1 };

    [Theory]
    [InlineData("refused", "source-unavailable", true, "connected to")]
    [InlineData("no such host", "source-unavailable", true, "no-such-host.invalid")]
    [InlineData("wrong password", "unauthorized", false, "auth")]
    [InlineData("wrong key", "unauthorized", false, "auth")]
    [InlineData("key without its passphrase", "configuration-invalid", false, "passphrase")]
    [InlineData("key that is none", "configuration-invalid", false, "private key")]
    [InlineData("no host key named", "host-key-refused", false, "hostKey: SHA256:")]
    [InlineData("another host key named", "host-key-refused", false, "another server")]
    [InlineData("missing folder", "not-found", false, "nowhere")]
    [InlineData("folder without right", "forbidden", false, "closed")]
    [InlineData("file without right", "forbidden", false, "closed.csv")]
    public async Task What_cannot_be_opened_says_why_and_whether_trying_again_may_help(string fault, string code, bool isTransient, string mentions)
    {
        using var sftp = await SftpSource.StartAsync(servers);
        var key = new Dictionary<string, string> { ["user"] = sftp.User, ["value"] = "${KEY}" };
        var source = sftp.Source(limits: Once);
        switch (fault)
        {
            case "refused":
                source = new SftpSource(await servers.GetAsync("openssh"), TestServer.FreePort()).Source(limits: Once);
                break;
            case "no such host":
                source = source with { Connection = source.Connection! with { BaseUrl = "sftp://no-such-host.invalid/" } };
                break;
            case "wrong password":
                source = sftp.Source(new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = sftp.User, ["value"] = "${WRONG}" } }, limits: Once);
                break;
            case "wrong key":
                key["value"] = "${OTHER}";
                break;
            case "key without its passphrase":
                key["value"] = "${LOCKED}";
                break;
            case "key that is none":
                key["value"] = "${WRONG}";
                break;
            case "no host key named":
                source = sftp.Source(connection: [], limits: Once);
                break;
            case "another host key named":
                source = sftp.Source(connection: new() { ["hostKey"] = HostKeys.FingerprintOf([1, 2, 3]) }, limits: Once);
                break;
            case "missing folder":
                source = sftp.Source(folder: "nowhere", limits: Once);
                break;
            case "folder without right":
                Assert.SkipUnless(Environment.UserName == "root", "the server's user is its owner");
                File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(sftp.Files, "closed")).FullName, UnixFileMode.UserRead);
                source = sftp.Source(folder: "closed", limits: Once);
                break;
            case "file without right":
                Assert.SkipUnless(Environment.UserName == "root", "the server's user is its owner");
                File.SetUnixFileMode(sftp.Put("closed.csv", "x"), UnixFileMode.UserRead);
                break;
        }

        if (fault.Contains("key ", StringComparison.Ordinal) && !fault.Contains("named", StringComparison.Ordinal) || fault == "wrong key")
            source = sftp.Source(new() { Kind = "ssh-key", Options = key }, limits: Once);
        using var other = RSA.Create(2048);
        await using var harness = new ReaderHarness(source, settings: [("KEY", sftp.Key("ed25519")), ("LOCKED", sftp.Key("locked")), ("OTHER", other.ExportRSAPrivateKeyPem()), ("WRONG", "not-the-password")]);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains(mentions, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-password", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("cut")]
    [InlineData("stall")]
    public async Task A_connection_that_breaks_within_a_file_is_continued_there(string how)
    {
        var server = await servers.GetAsync("openssh");
        await using var proxy = FaultProxy.Start(server.Port);
        using var sftp = new SftpSource(server, proxy.Port);
        var content = Large(sftp, "large.bin", 5 * Megabyte);
        sftp.Put("small.csv", "small");
        var limits = Sources.Quick with { AttemptTimeout = TimeSpan.FromSeconds(how == "stall" ? 2 : 20) };
        await using var harness = sftp.Read(sftp.Source(limits: limits));
        _ = how switch
        {
            "reset" => proxy.Reset(Flow.FromServer, 2 * Megabyte, times: 1),
            "cut" => proxy.Cut(Flow.FromServer, 2 * Megabyte, times: 1),
            _ => proxy.Stall(Flow.FromServer, 2 * Megabyte, times: 1),
        };

        await harness.RunAsync();

        Assert.Equal(["large.bin", "small.csv"], harness.Landed.Select(p => p.Part.Name));
        Assert.Equal(content, harness.Landed[0].Bytes);
        Assert.InRange(proxy.Connections, 2, 4);
    }

    [Theory]
    [InlineData("grows")]
    [InlineData("is replaced")]
    [InlineData("is cut")]
    [InlineData("is deleted")]
    public async Task A_file_that_changes_while_it_is_read_is_landed_as_one_version_or_not_at_all(string how)
    {
        using var sftp = await SftpSource.StartAsync(servers);
        var content = Large(sftp, "a.bin", 5 * Megabyte);
        var path = Path.Combine(sftp.Files, "a.bin");
        await using var harness = sftp.Read(sftp.Source(limits: Once));
        harness.Destination = body => new Meanwhile(body, Megabyte, () =>
        {
            switch (how)
            {
                case "grows":
                    File.AppendAllText(path, "more");
                    break;
                case "is replaced":
                    File.WriteAllText(path + ".tmp", "another version");
                    File.Move(path + ".tmp", path, overwrite: true);
                    break;
                case "is cut":
                    using (var file = File.OpenWrite(path))
                        file.SetLength(2 * Megabyte);
                    break;
                default:
                    File.Delete(path);
                    break;
            }
        });

        var failure = await harness.FailureAsync();
        Assert.Equal(("file-changed", true), (failure.Code, failure.IsTransient));
        Assert.Contains("a.bin", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);

        // Once it has settled, it is landed as it is then.
        harness.Destination = null;
        if (how != "is deleted")
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2));
        await harness.RunAsync();
        Assert.Equal(how == "is deleted" ? [] : [File.ReadAllBytes(path)], harness.Landed.Select(p => p.Bytes));
        Assert.NotEmpty(content);
    }

    [Fact]
    public async Task A_server_that_restarts_within_a_file_is_asked_for_the_rest()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("openssh");
        var server = await TestServer.StartAsync("openssh", folder: folder.Path, cancellationToken: stop);
        try
        {
            await using var proxy = FaultProxy.Start(server.Port); // keeps the port while the server is away
            using var sftp = new SftpSource(server, proxy.Port);
            var content = Large(sftp, "a.bin", 5 * Megabyte);
            await using var harness = sftp.Read();
            harness.Destination = body => new Meanwhile(body, Megabyte, () => Restart().GetAwaiter().GetResult());

            await harness.RunAsync();

            Assert.Equal(content, Assert.Single(harness.Landed).Bytes);

            async Task Restart()
            {
                await server.DisposeAsync();
                proxy.ResetAll();
                server = await TestServer.StartAsync("openssh", folder: folder.Path, cancellationToken: stop);
                proxy.SwapTo(server.Port);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_whose_key_has_changed_is_not_talked_to()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("openssh");
        SourceDefinition source;
        string key;
        await using (var server = await TestServer.StartAsync("openssh", folder: folder.Path, cancellationToken: stop))
        {
            var sftp = new SftpSource(server);
            sftp.Put("a.csv", "a");
            (source, key) = (sftp.Source(limits: Once), sftp.Key("ed25519"));
        }

        await using var other = await TestServer.StartAsync("openssh", folder: folder.Path, settings: new Dictionary<string, string> { ["SSHD_KEEP_HOST_KEY"] = "no" }, cancellationToken: stop);
        source = source with { Connection = source.Connection! with { BaseUrl = new UriBuilder(source.Connection.BaseUrl) { Port = other.Port }.Uri.ToString() } };
        await using var harness = new ReaderHarness(source, settings: ("KEY", key));

        var failure = await harness.FailureAsync();

        Assert.Equal(("host-key-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains(new SftpSource(other).HostKey, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_replaced_is_used_without_a_restart()
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("a.csv", "a");
        using var old = RSA.Create(2048);
        await using var services = Sources.Services(settings: ("KEY", old.ExportRSAPrivateKeyPem()));
        await using var harness = new ReaderHarness(sftp.Source(limits: Once), services);
        Assert.Equal("unauthorized", (await harness.FailureAsync()).Code);

        services.GetRequiredService<IConfiguration>()["KEY"] = sftp.Key("rsa");

        Assert.Single(await harness.RunAsync());
    }

    [Fact]
    public async Task A_server_whose_clock_is_ahead_delays_files_and_loses_none()
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("ahead.csv", "a", TimeSpan.FromMinutes(-10));
        sftp.Put("b.csv", "b");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var services = Sources.Services(time, settings: ("KEY", sftp.Key("ed25519")));
        await using var harness = new ReaderHarness(sftp.Source(limits: Once), services);

        await harness.RunAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(["b.csv", "ahead.csv"], harness.Landed.Select(p => p.Part.Name));
    }

    [Fact]
    public async Task Old_algorithms_are_used_only_when_that_is_asked_for()
    {
        await using var server = await TestServer.StartAsync(
            "openssh", settings: new Dictionary<string, string> { ["SSHD_LINES"] = "KexAlgorithms diffie-hellman-group14-sha1" }, cancellationToken: TestContext.Current.CancellationToken);
        using var sftp = new SftpSource(server);
        sftp.Put("a.csv", "a");
        await using var strict = sftp.Read(sftp.Source(limits: Once));

        var failure = await strict.FailureAsync();

        Assert.Equal(("protocol-error", false), (failure.Code, failure.IsTransient));
        Assert.Contains("weakAlgorithms", failure.Message, StringComparison.Ordinal);
        await using var lenient = sftp.Read(sftp.Source(connection: new() { ["hostKey"] = sftp.HostKey, ["weakAlgorithms"] = "true" }));
        Assert.Single(await lenient.RunAsync());
    }

    static byte[] Large(SftpSource sftp, string name, int bytes)
    {
        var content = new byte[bytes];
        new Random(3).NextBytes(content);
        var path = sftp.Put(name, "");
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3));
        return content;
    }

    /// <summary>Does something once so many bytes have been written.</summary>
    sealed class Meanwhile(Stream body, long after, Action action) : MemoryStream
    {
        long _written;
        bool _done;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await body.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
            if (_done || _written < after)
                return;
            _done = true;
            action();
        }
    }
}
