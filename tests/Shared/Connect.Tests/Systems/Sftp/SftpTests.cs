using System.Diagnostics;
using System.Security.Cryptography;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server"), System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SftpTests(SharedServers servers)
{
    [Fact]
    public async Task Files_come_as_they_are_and_only_once()
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("b.csv", "second");
        sftp.Put("a.csv", "third", TimeSpan.FromMinutes(5));
        sftp.Put("empty.csv", "", TimeSpan.FromHours(2));
        sftp.Put("new.csv", "not settled", TimeSpan.Zero);
        sftp.Put("ünïcode.csv", "fourth", TimeSpan.FromMinutes(4));
        await using var harness = sftp.Read();

        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(["empty.csv ", "b.csv second", "a.csv third", "ünïcode.csv fourth"], harness.Landed.Select(p => $"{p.Part.Name} {p.Text}"));
    }

    [Fact]
    public async Task The_server_is_probed_and_its_files_are_listed()
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("in/a.csv", "abc");
        sftp.Put("b.txt", "");
        await using var harness = sftp.Read();

        Assert.Contains("OpenSSH", await harness.ProbeAsync(), StringComparison.Ordinal);
        var found = Assert.Single(await harness.DiscoverAsync("*.csv"));
        Assert.Equal(("in/a.csv", "file", 3L), (found.Name, found.Kind, found.Size));
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("in/a.csv", "a");
        File.CreateSymbolicLink(Path.Combine(sftp.Files, "passwd"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(sftp.Files, "etc"), "/etc");
        await using var harness = sftp.Read(sftp.Source(read: new() { ["recursive"] = "true", ["settle"] = "0s" }));

        await harness.RunAsync();

        Assert.Equal("in/a.csv", Assert.Single(harness.Landed).Part.Name);
    }

    [Theory]
    [InlineData("move", "done/a.csv done/a.csv.ok")]
    [InlineData("delete", "")]
    public async Task Landed_files_are_put_away(string after, string left)
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("a.csv", "a");
        sftp.Put("a.csv.ok", "");
        File.SetUnixFileMode(sftp.Files, (UnixFileMode)0x1FF);
        var read = new Dictionary<string, string> { ["after"] = after, ["doneMarker"] = "{name}.ok" };
        if (after == "move")
            read["moveTo"] = "done";
        await using var harness = sftp.Read(sftp.Source(read: read));

        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Single(harness.Landed);
        var files = Directory.GetFiles(sftp.Files, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(sftp.Files, f)).Order(StringComparer.Ordinal);
        Assert.Equal(left, string.Join(' ', files));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    [InlineData("rsa pem")]
    [InlineData("rsa pkcs8")]
    [InlineData("ed25519 base64")]
    [InlineData("locked")]
    public async Task Keys_of_every_kind_let_us_in(string key)
    {
        using var sftp = await SftpSource.StartAsync(servers);
        sftp.Put("a.csv", "a");
        var text = key switch
        {
            "rsa pem" => Converted(sftp, "PEM"),
            "rsa pkcs8" => Converted(sftp, "PKCS8"),
            "ed25519 base64" => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(sftp.Key("ed25519"))),
            _ => sftp.Key(key),
        };
        var auth = new Dictionary<string, string> { ["user"] = sftp.User, ["value"] = "${KEY}" };
        if (key == "locked")
            auth["passphrase"] = "${PASSPHRASE}";
        await using var harness = new ReaderHarness(sftp.Source(new() { Kind = "ssh-key", Options = auth }), settings: [("KEY", text), ("PASSPHRASE", "test-passphrase")]);

        Assert.Single(await harness.RunAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("PasswordAuthentication no")]
    [InlineData("AuthenticationMethods publickey,password")]
    [InlineData("AuthenticationMethods publickey,keyboard-interactive")]
    public async Task Passwords_let_us_in_alone_asked_for_or_after_a_key(string lines)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can make a user with a password");
        await using var server = await TestServer.StartAsync("openssh", settings: new Dictionary<string, string> { ["SSHD_LINES"] = lines }, cancellationToken: TestContext.Current.CancellationToken);
        using var sftp = new SftpSource(server);
        sftp.Put("a.csv", "a");
        var auth = lines.Contains("publickey", StringComparison.Ordinal)
            ? new AuthenticationDefinition { Kind = "ssh-key", Options = new Dictionary<string, string> { ["user"] = sftp.User, ["value"] = "${KEY}", ["password"] = "${PASSWORD}" } }
            : new AuthenticationDefinition { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = sftp.User, ["value"] = "${PASSWORD}" } };
        await using var harness = sftp.Read(sftp.Source(auth));

        Assert.Single(await harness.RunAsync());
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("hashed", true)]
    [InlineData("file", true)]
    [InlineData("pattern", true)]
    [InlineData("another host", false)]
    [InlineData("revoked", false)]
    public async Task Known_hosts_say_whom_to_trust(string how, bool trusted)
    {
        using var sftp = await SftpSource.StartAsync(servers);
        var server = await servers.GetAsync("openssh");
        var key = string.Join(' ', (await File.ReadAllTextAsync(Path.Combine(server.Folder, "host_key.pub"), TestContext.Current.CancellationToken)).Split(' ')[..2]);
        var name = $"[127.0.0.1]:{server.Port}";
        using var folder = new TemporaryFolder();
        var salt = RandomNumberGenerator.GetBytes(20);
#pragma warning disable CA5350
        var entry = how switch
        {
            "hashed" => $"|1|{Convert.ToBase64String(salt)}|{Convert.ToBase64String(HMACSHA1.HashData(salt, System.Text.Encoding.UTF8.GetBytes(name)))} {key}",
            "pattern" => $"example.com,[127.0.0.*]:{server.Port} {key}",
            "another host" => $"example.com {key}",
            "revoked" => $"{name} {key}\n@revoked {name} {key}",
            _ => $"{name} {key} a comment",
        };
#pragma warning restore CA5350
        if (how == "file")
        {
            await File.WriteAllTextAsync(folder.File("known_hosts"), $"# hosts\n\n{entry}\n", TestContext.Current.CancellationToken);
            entry = folder.File("known_hosts");
        }

        await using var harness = sftp.Read(sftp.Source(connection: new() { ["knownHosts"] = entry }));

        if (trusted)
            await harness.ProbeAsync();
        else
            Assert.Equal("host-key-refused", (await Sources.FailureOfAsync(harness.ProbeAsync)).Code);
    }

    [Fact]
    public async Task Options_are_checked()
    {
        using var sftp = await SftpSource.StartAsync(servers);

        OptionsBinder.Bind(new Dictionary<string, string> { ["hostKey"] = "SHA256:tooshort", ["keepAlive"] = "0s" }, typeof(SftpOptions), out var faults);

        Assert.Equal(2, faults.Count);
        Assert.Contains("ssh-keyscan", string.Join(' ', faults.Select(f => f.Message)), StringComparison.Ordinal);
        OptionsBinder.Bind(new Dictionary<string, string> { ["hostKey"] = sftp.HostKey }, typeof(SftpOptions), out faults);
        Assert.Empty(faults);
    }

    static string Converted(SftpSource sftp, string format)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("key");
        File.WriteAllText(path, sftp.Key("rsa"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-p", "-q", "-N", "", "-m", format, "-f", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        process.WaitForExit();
        return File.ReadAllText(path);
    }
}
