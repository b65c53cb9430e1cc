using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>The same for systems: their libraries quote connection strings, statements and what a server said.</summary>
public sealed class PlantedSystemSecretTests
{
    const string Secret = "Mark3d+pl/us\"quo'te=s3cret;&";
    const string Ascii = "Mark3d-ascii-s3cret";

    // Address (# is the port), authentication and options of every system that takes one. A system without an entry fails the test.
    static readonly Dictionary<string, (string Address, SourceKind Kind, string Auth, string Options)> Systems = new(StringComparer.Ordinal)
    {
        ["azure-blob"] = ("http://127.0.0.1:#/account/container", SourceKind.File, "kind=azure-sas|value=${SAS}", ""),
        ["ftp"] = ("ftp://127.0.0.1:#/out", SourceKind.File, Basic, "encryption=none"),
        ["gcs"] = ("gs://bucket", SourceKind.File, "kind=bearer|value=${A}", "endpoint=http://127.0.0.1:#/"),
        ["kafka"] = ("kafka://127.0.0.1:#", SourceKind.Stream, Basic, ""),
        ["kinesis"] = ("http://127.0.0.1:#", SourceKind.Stream, Aws, ""),
        ["mongodb"] = ("mongodb://127.0.0.1:#/market", SourceKind.Database, Basic, ""),
        ["mqtt"] = ("mqtt://127.0.0.1:#", SourceKind.Stream, Basic, ""),
        ["mysql"] = ("mysql://127.0.0.1:#/market", SourceKind.Database, Basic, "tls=off"),
        ["postgresql"] = ("postgresql://127.0.0.1:#/market", SourceKind.Database, Basic, "tls=off"),
        ["rabbitmq"] = ("amqp://127.0.0.1:#", SourceKind.Stream, Basic, ""),
        ["redis"] = ("redis://127.0.0.1:#", SourceKind.Database, Basic, ""),
        ["s3"] = ("s3://bucket", SourceKind.File, Aws, "endpoint=http://127.0.0.1:#/|region=eu-west-1"),
        ["sftp"] = ("sftp://127.0.0.1:#/out", SourceKind.File, Basic, "hostKeys=SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ["websocket"] = ("ws://127.0.0.1:#/stream", SourceKind.Stream, "kind=api-key|query=key|value=${A}", ""),
        ["event-hubs"] = ("sb://127.0.0.1:#/hub", SourceKind.Stream, Basic, ""),
    };

    // Their drivers are dropped in by the user; a driver is not at hand here.
    static readonly string[] WithoutDriver = ["ado-net", "oracle", "sqlserver"];

    const string Basic = "kind=basic|user=reader|value=${S}";
    const string Aws = "kind=aws|region=eu-west-1|accessKeyId=AKID|secretAccessKey=${S}|sessionToken=${A}";

    public static TheoryData<string> All
    {
        get
        {
            using var services = Sources.Services();
            return [.. services.GetServices<ISourceSystem>().Where(s => s.Authentication.Count > 0 && Systems.ContainsKey(s.Name)).Select(s => s.Name)];
        }
    }

    [Fact]
    public void No_system_that_takes_credentials_is_forgotten()
    {
        using var services = Sources.Services();

        Assert.Equal([], services.GetServices<ISourceSystem>().Where(s => s.Authentication.Count > 0).Select(s => s.Name).Except(Systems.Keys).Except(WithoutDriver));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_planted_secret_comes_out_nowhere(string name)
    {
        using var outputs = new WatchedOutputs();
        (string, string)[] planted = [("S", Secret), ("A", Ascii), ("SAS", $"sv=2024-01-01&sig={Uri.EscapeDataString(Secret)}")];

        foreach (var mode in (Peer[])[Peer.Echoes, Peer.Refuses, Peer.Closes, Peer.Absent])
        {
            using var peer = new TcpListener(IPAddress.Loopback, 0);
            peer.Start();
            var port = ((IPEndPoint)peer.LocalEndpoint).Port;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var serving = ServeAsync(peer, mode, stop.Token);
            await using (var services = Sources.Services(logs: outputs, settings: planted))
            {
                var source = SourceOf(name, port);
                outputs.Add("command", JsonSerializer.Serialize(source));
                try
                {
                    outputs.Add("reply", await services.GetRequiredService<ISourceAccess>().UseAsync(source, (open, ct) => open.ProbeAsync(ct), stop.Token));
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    Assert.IsType<StepFailedException>(fault);
                    outputs.Add(fault);
                }
            }

            await stop.CancelAsync();
            await serving;
        }

        foreach (var secret in (string[])[Secret, Ascii, "Mark3d"])
            Assert.True(!outputs.Find(secret).Any(), $"{secret} is in {outputs.Find(secret).FirstOrDefault()}");
    }

    enum Peer
    {
        Echoes, Refuses, Closes, Absent,
    }

    static SourceDefinition SourceOf(string name, int port)
    {
        var (address, kind, auth, options) = Systems[name];
        Dictionary<string, string> Read(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=', 2)).ToDictionary(o => o[0], o => o[1].Replace("#", $"{port}", StringComparison.Ordinal));
        var who = Read(auth);
        who.Remove("kind", out var way);
        return new()
        {
            Source = "vendor",
            Kind = kind,
            Connection = new()
            {
                System = name,
                BaseUrl = address.Replace("#", $"{port}", StringComparison.Ordinal),
                Auth = new() { Kind = way, Options = who },
                Options = Read(options),
                AllowPrivateNetwork = true,
                Limits = Sources.Quick with { Attempts = 1, AttemptTimeout = TimeSpan.FromSeconds(2), TotalTimeout = TimeSpan.FromSeconds(4) },
            },
        };
    }

    static async Task ServeAsync(TcpListener peer, Peer mode, CancellationToken cancellationToken)
    {
        if (mode is Peer.Absent)
        {
            peer.Stop();
            return;
        }

        try
        {
            while (true)
            {
                using var client = await peer.AcceptTcpClientAsync(cancellationToken);
                await using var stream = client.GetStream();
                var buffer = new byte[16 << 10];
                if (mode is Peer.Closes)
                    continue;
                for (var rounds = 0; rounds < 3; rounds++)
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    patience.CancelAfter(TimeSpan.FromMilliseconds(400));
                    var length = await ReadAsync(stream, buffer, patience.Token);
                    if (length <= 0)
                        break;
                    if (mode is Peer.Refuses)
                        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 403 Forbidden\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"), cancellationToken);
                    await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // the test is done with it
        }
    }

    static async Task<int> ReadAsync(NetworkStream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return 0;
        }
    }
}
