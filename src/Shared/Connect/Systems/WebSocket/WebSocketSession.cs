using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>One open WebSocket: logged in, and pinged as the vendor wants it.</summary>
internal sealed class WebSocketSession : IAsyncDisposable
{
    static readonly TimeSpan Parting = TimeSpan.FromSeconds(1);

    readonly SourceSite _site;
    readonly WebSocketConnectionOptions _options;
    readonly ClientWebSocket _socket = new();
    readonly ArrayBufferWriter<byte> _message = new(16 << 10);
    readonly SemaphoreSlim _sending = new(1);
    readonly CancellationTokenSource _closing = new();
    Task _pinging = Task.CompletedTask;

    WebSocketSession(SourceSite site, WebSocketConnectionOptions options) => (_site, _options) = (site, options);

    /// <summary>The subprotocol that was agreed on.</summary>
    public string? Subprotocol => _socket.SubProtocol;

    public static async Task<WebSocketSession> OpenAsync(
        SourceSite site, WebSocketConnectionOptions options, HttpMessageInvoker http, Uri address, CancellationToken cancellationToken)
    {
        var session = new WebSocketSession(site, options);
        try
        {
            await session.ConnectAsync(http, address, cancellationToken);
            await session.LogInAsync(cancellationToken);
            if (options.PingMessage is { } ping)
                session._pinging = session.PingAsync(site.Resolve(ping)!);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text message.</summary>
    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, cancellationToken);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw WebSocketFailures.OfBreak(_site, fault);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message, valid until the next call.</summary>
    /// <exception cref="StepFailedException">The connection was closed, broke, or the message is too large.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_message.GetMemory(8 << 10), cancellationToken);
                if (received.MessageType is WebSocketMessageType.Close)
                    throw WebSocketFailures.OfClose(_site, _options, _socket.CloseStatus, _socket.CloseStatusDescription);
                _message.Advance(received.Count);
                if (_message.WrittenCount > _options.MaxMessageBytes)
                    throw _site.Fail("response-too-large", $"a message is over {_options.MaxMessageBytes:N0} bytes: raise 'maxMessageBytes', or ask for less.", isTransient: false);
                if (received.EndOfMessage)
                    return _message.WrittenMemory;
            }
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw WebSocketFailures.OfBreak(_site, fault);
        }
        catch (OperationCanceledException silent) when (!cancellationToken.IsCancellationRequested)
        {
            throw _site.Fail("timeout", $"no ping was answered for {_options.AnswerTimeout}.", isTransient: true, silent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _pinging;
        try
        {
            using var limit = new CancellationTokenSource(Parting);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // Good manners only.
        }

        _socket.Dispose();
        _closing.Dispose();
        _sending.Dispose();
    }

    async Task ConnectAsync(HttpMessageInvoker http, Uri address, CancellationToken cancellationToken)
    {
        _socket.Options.CollectHttpResponseDetails = true;
        _socket.Options.HttpVersion = HttpVersion.Version11;
        _socket.Options.KeepAliveInterval = _options.PingEvery;
        _socket.Options.KeepAliveTimeout = _options.AnswerTimeout;
        if (_options.Compression)
            _socket.Options.DangerousDeflateOptions = new();
        foreach (var subprotocol in _options.Subprotocols)
            _socket.Options.AddSubProtocol(subprotocol);
        foreach (var (name, value) in _site.Connection.Headers)
            _socket.Options.SetRequestHeader(name, _site.Resolve(value));
        try
        {
            await _socket.ConnectAsync(address, http, cancellationToken);
        }
        catch (Exception fault) when (fault is WebSocketException or HttpRequestException or IOException)
        {
            throw WebSocketFailures.OfHandshake(_site, _socket, fault);
        }
    }

    async Task LogInAsync(CancellationToken cancellationToken)
    {
        if (_options.LoginMessage is not { } login)
            return;
        await SendAsync(_site.Secrets.Resolve(login, value => BodySyntax.Json.Escape(value)), cancellationToken);
        if (_options.LoginAccepted is null)
            return;
        var accepted = MessageCondition.Parse(_options.LoginAccepted);
        var refused = _options.LoginRefused is { } condition ? MessageCondition.Parse(condition) : null;
        using var late = new CancellationTokenSource(_options.AnswerTimeout, _site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (true)
            {
                var answer = await ReceiveAsync(either.Token);
                if (TryParse(answer) is not { } message)
                    continue;
                using (message)
                {
                    if (accepted.Holds(message.RootElement))
                        return;
                    if (refused?.Holds(message.RootElement) is true)
                        throw _site.Fail("unauthorized", $"it refused the log-in: check the credentials that 'loginMessage' refers to. It said: {TextQuote.Of(answer.Span, _site.Mask)}", isTransient: false);
                }
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw _site.Fail("timeout", $"it did not answer the log-in within {_options.AnswerTimeout}: expected a message with {_options.LoginAccepted}.", isTransient: true);
        }
    }

    async Task PingAsync(string message)
    {
        using var timer = new PeriodicTimer(_options.PingEvery, _site.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
                await SendAsync(message, _closing.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or StepFailedException)
        {
            // Whoever receives learns of it.
        }
    }

    /// <summary>The message as JSON; null when it is none.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
