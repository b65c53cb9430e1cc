using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>FTP on vsftpd, which knows no MLSD: listings by LIST, times by MDTM.</summary>
[Trait("Category", "server")]
public sealed class FtpTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("explicit")]
    [InlineData("implicit")]
    public async Task Files_come_as_they_are_and_only_once(string encryption)
    {
        await using var server = await StartAsync(encryption);
        Put(server, "in/b.csv", "second");
        Put(server, "in/a b.csv", "third", TimeSpan.FromMinutes(5));
        Put(server, "in/-l.csv", "", TimeSpan.FromHours(2));
        Put(server, "in/deep/ünï.csv", new string('x', 300_000), TimeSpan.FromMinutes(4));
        Put(server, "in/old.csv", "first", TimeSpan.FromDays(400));
        Put(server, "in/new.csv", "not settled", TimeSpan.Zero);
        await using var harness = Read(server, encryption);

        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(
            ["in/old.csv 5", "in/-l.csv 0", "in/b.csv 6", "in/a b.csv 5", "in/deep/ünï.csv 300000"],
            harness.Landed.Select(p => $"{p.Part.Name} {p.Bytes.Length}"));
        Assert.Contains("FTP", await harness.ProbeAsync(), StringComparison.Ordinal);
        Assert.Equal(6, (await harness.DiscoverAsync()).Count);
    }

    [Theory]
    [InlineData("move", "done/a.csv done/a.csv.ok")]
    [InlineData("delete", "")]
    public async Task Landed_files_are_put_away(string after, string left)
    {
        Assert.SkipUnless(Environment.UserName == "root", "the server's user may not write");
        await using var server = await StartAsync("");
        Put(server, "a.csv", "a");
        Put(server, "a.csv.ok", "");
        var options = new Dictionary<string, string> { ["after"] = after, ["doneMarker"] = "{name}.ok" };
        if (after == "move")
            options["moveTo"] = "done";
        await using var harness = Read(server, "", folder: null, read: options);

        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Single(harness.Landed);
        var root = Path.Combine(server.Folder, "files");
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal);
        Assert.Equal(left, string.Join(' ', files));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var server = await StartAsync("explicit");
        await using var harness = new ReaderHarness(Source(server, "explicit", trusted: false), settings: ("PASSWORD", "test-password"));

        var failure = await harness.FailureAsync();

        Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task Nothing_is_sent_in_the_open_unless_that_is_asked_for()
    {
        await using var server = await StartAsync("");
        await using var harness = Read(server, "explicit");

        var failure = await harness.FailureAsync();

        Assert.Equal(("protocol-error", false), (failure.Code, failure.IsTransient));
        Assert.Contains("encryption: none", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong password", "unauthorized")]
    [InlineData("missing folder", "not-found")]
    public async Task What_cannot_be_opened_says_why(string fault, string code)
    {
        await using var server = await StartAsync("");
        var source = Source(server, "", trusted: true, folder: fault == "missing folder" ? "nowhere" : null, password: fault == "wrong password" ? "${WRONG}" : "${PASSWORD}");
        await using var harness = new ReaderHarness(source, settings: [("PASSWORD", "test-password"), ("WRONG", "not-the-password")]);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("not-the-password", failure.Message, StringComparison.Ordinal);
    }

    internal static Task<TestServer> StartAsync(string encryption, string lines = "", int port = 0, string? folder = null) => TestServer.StartAsync(
        "vsftpd", port, folder, new Dictionary<string, string> { ["VSFTPD_TLS"] = encryption, ["VSFTPD_LINES"] = lines }, Stop);

    internal static string Put(TestServer server, string name, string text, TimeSpan? age = null)
    {
        var path = Path.Combine(server.Folder, "files", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.FromHours(1)));
        return path;
    }

    internal static ReaderHarness Read(TestServer server, string encryption, string? folder = "in", Dictionary<string, string>? read = null, int? port = null, LimitsDefinition? limits = null) =>
        new(Source(server, encryption, trusted: true, folder, read, port, limits), settings: [("PASSWORD", "test-password"), ("WRONG", "not-the-password")]);

    internal static SourceDefinition Source(
        TestServer server, string encryption, bool trusted, string? folder = "in", Dictionary<string, string>? read = null, int? port = null, LimitsDefinition? limits = null, string password = "${PASSWORD}") => new()
        {
            Source = "vendor",
            Kind = SourceKind.File,
            Connection = new()
            {
                System = "ftp",
                BaseUrl = $"{(encryption == "implicit" ? "ftps" : "ftp")}://localhost:{port ?? server.Port}/~/",
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = File.ReadAllText(Path.Combine(server.Folder, "user")).Trim(), ["value"] = password } },
                AllowPrivateNetwork = true,
                Limits = limits ?? Sources.Quick,
                Tls = trusted ? new() { Ca = Path.Combine(server.Folder, "certificate.pem") } : null,
                Options = encryption.Length == 0 ? new() { ["encryption"] = "none" } : new Dictionary<string, string>(),
            },
            Datasets = [new() { Dataset = "prices", Files = "*", Read = new() { Object = folder, Options = read ?? new() { ["recursive"] = "true" } } }],
        };
}
