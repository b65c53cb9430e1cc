using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DataIngestion.Connect.Tests;

/// <summary>A server that answers each request with the very bytes that a test says, and hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<int, string> _answer;
    readonly X509Certificate2? _certificate;
    readonly CancellationTokenSource _stopping = new();
    readonly Task _serving;
    int _connections;
    int _requests;

    RawServer(Func<int, string> answer, X509Certificate2? certificate)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections on which something was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static RawServer Start(Func<int, string> answer, X509Certificate2? certificate = null) => new(answer, certificate);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
    }

    async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await AnswerAsync(client, Interlocked.Increment(ref _connections));
            }
            catch (Exception ended) when (ended is SocketException or OperationCanceledException)
            {
                return;
            }
            catch (Exception gone) when (gone is IOException or AuthenticationException)
            {
                // The client hung up first.
            }
        }
    }

    async Task AnswerAsync(TcpClient client, int n)
    {
        await using Stream plain = client.GetStream();
        await using var stream = _certificate is null ? plain : new SslStream(plain);
        if (stream is SslStream tls)
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
        var head = new byte[4096];
        if (await stream.ReadAsync(head, _stopping.Token) == 0)
            return;
        Interlocked.Increment(ref _requests);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer(n)), _stopping.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null, _stopping.Token); // what is still under way must not turn the end into a reset
    }
}
