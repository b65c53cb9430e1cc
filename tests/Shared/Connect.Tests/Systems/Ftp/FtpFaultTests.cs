using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>What a server does wrong: how it is retried, what is landed, what is reported.</summary>
public sealed class FtpFaultTests
{
    static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i:D6}\n")));

    [Theory]
    [InlineData("greeting", "421 Too many connections", "source-unavailable", true)]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", "protocol-error", false)]
    [InlineData("greeting", "long", "protocol-error", false)]
    [InlineData("PASS", "530 Login incorrect", "unauthorized", false)]
    [InlineData("PASS", "530 Sorry, the maximum number of clients are connected", "source-unavailable", true)]
    [InlineData("USER", "421 Service not available", "source-unavailable", true)]
    [InlineData("TYPE", "504 No", "protocol-error", false)]
    [InlineData("CWD", "550 No such directory", "not-found", false)]
    [InlineData("CWD", "550 Permission denied", "forbidden", false)]
    [InlineData("EPSV", "425 No data connection", "source-unavailable", true)]
    [InlineData("MLSD", "451 Local error", "source-unavailable", true)]
    [InlineData("MLSD", "522 session reuse required", "protocol-error", false)]
    [InlineData("RETR", "452 Disk full", "source-unavailable", true)]
    [InlineData("RETR", "450 File busy", "source-unavailable", true)]
    [InlineData("RETR", "550 Permission denied", "forbidden", false)]
    [InlineData("RETR", "553 Name not allowed", "protocol-error", false)]
    public async Task A_reply_says_whether_trying_again_may_help(string command, string reply, string code, bool isTransient)
    {
        await using var server = new FakeFtp();
        server.Files["a.csv"] = Content;
        if (command == "greeting")
            server.Greeting = reply == "long" ? "220 " + new string('x', 20_000) : reply;
        else
            server.Answers.Add((command, reply));
        await using var harness = Read(server.Port, attempts: 1);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        if (reply != "long")
            Assert.Contains(reply.Split(' ')[^1], failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-password", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);
    }

    [Theory]
    [InlineData("nonsense\r\n", "protocol-error")]
    [InlineData("type=file;size=x;modify=20260101000000; a\r\n", "protocol-error")]
    [InlineData("type=file;size=1;modify=yesterday; a\r\n", "protocol-error")]
    [InlineData("type=file;size=1;modify=20260101000000; ../../etc/passwd\r\n", "name-refused")]
    [InlineData("type=file;size=1;modify=20260101000000; a\\b\r\n", "name-refused")]
    public async Task Listings_are_not_believed_blindly(string listing, string code)
    {
        await using var server = new FakeFtp { Listing = listing };
        await using var harness = Read(server.Port, attempts: 1);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_line_of_a_listing_has_an_end()
    {
        await using var server = new FakeFtp { Listing = $"type=file;size=1;modify=20260101000000; {new string('x', 100_000)}\r\n" };
        await using var harness = Read(server.Port, attempts: 1);

        Assert.Equal("protocol-error", (await harness.FailureAsync()).Code);
    }

    [Theory]
    [InlineData("426 Connection broken")]
    [InlineData("451 Local error")]
    [InlineData("226 Done, though it is not")]
    [InlineData("421 Going down")]
    public async Task A_transfer_that_breaks_off_is_continued(string reply)
    {
        await using var server = new FakeFtp();
        server.Files["a.csv"] = Content;
        server.Breaks.Enqueue((100_000, reply));
        server.Breaks.Enqueue((50_001, reply));
        await using var harness = Read(server.Port);

        await harness.RunAsync();

        Assert.Equal(Content, Assert.Single(harness.Landed).Bytes);
        Assert.Contains("REST 100000", server.Commands);
        Assert.Contains("REST 150001", server.Commands);
    }

    [Fact]
    public async Task Data_come_from_the_server_itself_wherever_it_points()
    {
        await using var server = new FakeFtp();
        server.Files["a.csv"] = Content;
        server.Answers.Add(("EPSV", "500 Unknown")); // and PASV names 192.0.2.1
        await using var harness = Read(server.Port);

        await harness.RunAsync();

        Assert.Equal(Content, Assert.Single(harness.Landed).Bytes);
    }

    [Fact]
    public async Task Nobody_there_and_no_such_host_may_pass()
    {
        await using var refused = Read(TestServer.FreePort(), attempts: 1);
        var failure = await refused.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));

        await using var unknown = Read(21, attempts: 1, host: "no-such-host.invalid");
        failure = await unknown.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("cut")]
    [InlineData("stall")]
    public async Task A_control_connection_that_breaks_is_opened_again(string how)
    {
        await using var server = new FakeFtp();
        server.Files["a.csv"] = Content;
        await using var proxy = FaultProxy.Start(server.Port);
        _ = how switch
        {
            "reset" => proxy.Reset(Flow.FromServer, 150, times: 1),
            "cut" => proxy.Cut(Flow.FromServer, 150, times: 1),
            _ => proxy.Stall(Flow.FromServer, 150, times: 1),
        };
        await using var harness = Read(proxy.Port, timeout: how == "stall" ? TimeSpan.FromSeconds(1) : null);

        await harness.RunAsync();

        Assert.Equal(Content, Assert.Single(harness.Landed).Bytes);
    }

    static ReaderHarness Read(int port, int attempts = 4, TimeSpan? timeout = null, string host = "127.0.0.1") => new(
        new()
        {
            Source = "vendor",
            Kind = SourceKind.File,
            Connection = new()
            {
                System = "ftp",
                BaseUrl = $"ftp://{host}:{port}/",
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "reader", ["value"] = "${PASSWORD}" } },
                AllowPrivateNetwork = true,
                Limits = Sources.Quick with { Attempts = attempts, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(20) },
                Options = new Dictionary<string, string> { ["encryption"] = "none" },
            },
            Datasets = [new() { Dataset = "prices", Files = "*" }],
        },
        settings: ("PASSWORD", "the-password"));
}
