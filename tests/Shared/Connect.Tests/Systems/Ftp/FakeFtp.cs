using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataIngestion.Connect.Tests;

/// <summary>An FTP server in memory that knows MLSD, and that answers single commands as a test wants.</summary>
internal sealed class FakeFtp : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly Task _accepting;

    public FakeFtp()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Greeting { get; set; } = "220 ready";

    /// <summary>Replies by the beginning of a command, in place of the usual; each is used once where it stands more than once.</summary>
    public List<(string Command, string Reply)> Answers { get; } = [];

    public Dictionary<string, byte[]> Files { get; } = [];

    public string? Listing { get; set; }

    /// <summary>How many bytes of a file are sent, and what is said then; null sends all.</summary>
    public Queue<(int Bytes, string Reply)> Breaks { get; } = new();

    public List<string> Commands { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        TcpListener? data = null;
        try
        {
            using var _ = client;
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await SayAsync(Greeting);
            var offset = 0;
            while (await reader.ReadLineAsync(_stopping.Token) is { } command)
            {
                lock (Commands)
                    Commands.Add(command);
                var argument = command.Contains(' ', StringComparison.Ordinal) ? command[(command.IndexOf(' ', StringComparison.Ordinal) + 1)..] : "";
                if (Override(command) is { } answer)
                {
                    await SayAsync(answer);
                    continue;
                }

                switch (command.Split(' ')[0])
                {
                    case "USER":
                        await SayAsync("331 password");
                        break;
                    case "PASS":
                        await SayAsync("230-welcome\r\n 230 not the end\r\n230 in");
                        break;
                    case "FEAT":
                        await SayAsync("211-Features:\r\n MLST type*;size*;modify*;\r\n UTF8\r\n REST STREAM\r\n211 End");
                        break;
                    case "PWD":
                        await SayAsync("257 \"/\" is it");
                        break;
                    case "EPSV" or "PASV":
                        data?.Stop();
                        data = new(IPAddress.Loopback, 0);
                        data.Start();
                        var port = ((IPEndPoint)data.LocalEndpoint).Port;
                        await SayAsync(command == "EPSV" ? $"229 Entering (|||{port}|)" : $"227 Entering (192,0,2,1,{port >> 8},{port & 255})");
                        break;
                    case "REST":
                        offset = int.Parse(argument);
                        await SayAsync("350 go on");
                        break;
                    case "MLST":
                        var name = argument.TrimStart('/');
                        await SayAsync(Files.TryGetValue(name, out var one) ? $"250-Listing\r\n type=file;size={one.Length};modify=20260101000000; /{name}\r\n250 End" : "550 No such file");
                        break;
                    case "MLSD":
                        var lines = Listing ?? string.Concat(Files.Select(f => $"type=file;size={f.Value.Length};modify=20260101000000; {f.Key}\r\n"));
                        await SendAsync("type=cdir;modify=20260101000000; .\r\n" + lines, "226 done");
                        break;
                    case "RETR":
                        var content = Files[argument.TrimStart('/')].AsSpan(offset).ToArray();
                        offset = 0;
                        if (Breaks.TryDequeue(out var broken))
                            await SendBytesAsync(content[..broken.Bytes], broken.Reply);
                        else
                            await SendBytesAsync(content, "226 done");
                        break;
                    default:
                        await SayAsync("200 fine");
                        break;
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
        {
            // the client went, or the test is over
        }
        finally
        {
            data?.Stop();
        }

        Task SayAsync(string text) => client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), _stopping.Token).AsTask();

        Task SendAsync(string text, string reply) => SendBytesAsync(Encoding.UTF8.GetBytes(text), reply);

        async Task SendBytesAsync(byte[] bytes, string reply)
        {
            await SayAsync("150 here it comes");
            using (var to = await data!.AcceptTcpClientAsync(_stopping.Token))
                await to.GetStream().WriteAsync(bytes, _stopping.Token);
            await SayAsync(reply);
        }
    }

    string? Override(string command)
    {
        lock (Answers)
        {
            var at = Answers.FindIndex(a => command.StartsWith(a.Command, StringComparison.Ordinal));
            if (at < 0)
                return null;
            var reply = Answers[at].Reply;
            if (Answers.Count(a => a.Command == Answers[at].Command) > 1)
                Answers.RemoveAt(at);
            return reply;
        }
    }
}
