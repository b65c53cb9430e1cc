using System.Net.WebSockets;
using System.Text;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DataIngestion.Connect.Tests;

/// <summary>A vendor's WebSocket on Kestrel.</summary>
internal static class SocketServer
{
    /// <summary>Starts one.</summary>
    /// <param name="talk">What it does with each connection, which has a number.</param>
    /// <param name="refuse">Refuses handshakes with a status; null lets all in.</param>
    public static Task<LoopbackServer> StartAsync(Func<VendorSocket, int, CancellationToken, Task> talk, Func<HttpContext, int, bool>? refuse = null) =>
        LoopbackServer.StartAsync(async (context, n, stop) =>
        {
            if (refuse?.Invoke(context, n) is true)
                return;
            var middleware = new WebSocketMiddleware(Accept, Options.Create(new WebSocketOptions()), NullLoggerFactory.Instance);
            await middleware.Invoke(context);

            async Task Accept(HttpContext http)
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
                await talk(new(socket, http), n, stop);
            }
        });

    /// <summary>The address for a source.</summary>
    public static Uri Socket(this LoopbackServer server) => new UriBuilder(server.Address) { Scheme = "ws" }.Uri;
}

/// <summary>A vendor's side of a connection.</summary>
internal sealed class VendorSocket(WebSocket socket, HttpContext http)
{
    public WebSocket Socket => socket;

    public HttpContext Http => http;

    public Task SendAsync(string text, CancellationToken stop) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

    public Task SendNumberAsync(long number, CancellationToken stop) => SendAsync($"{{\"seq\":{number},\"p\":\"x\"}}", stop);

    /// <summary>What the client says next; null when it went away.</summary>
    public async Task<string?> HearAsync(CancellationToken stop)
    {
        var buffer = new byte[64 << 10];
        try
        {
            var heard = await socket.ReceiveAsync(buffer, stop);
            return heard.MessageType is WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(buffer, 0, heard.Count);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public Task CloseAsync(int code, string text, CancellationToken stop) => socket.CloseOutputAsync((WebSocketCloseStatus)code, text, stop);

    /// <summary>Breaks the connection without a word.</summary>
    public void Break() => http.Abort();
}
