using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using DataIngestion.Contracts;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace DataIngestion.Connect;

/// <summary>A connected client. What it receives waits until it is taken, and is not acknowledged by itself.</summary>
internal sealed class MqttSession : IAsyncDisposable, IMqttClientStreamProvider
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    readonly SourceSite _site;
    readonly string _clientId;
    readonly MqttConnectionOptions _options;
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly Channel<MqttApplicationMessageReceivedEventArgs> _messages = Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>(new() { SingleReader = true, SingleWriter = true });
    uint _expiry;

    public MqttSession(SourceSite site, string clientId)
    {
        (_site, _clientId, _options) = (site, clientId, site.Options<MqttConnectionOptions>());
        _client.ApplicationMessageReceivedAsync += async message =>
        {
            message.AutoAcknowledge = false;
            await _messages.Writer.WriteAsync(message, CancellationToken.None);
        };
        _client.DisconnectedAsync += ended =>
        {
            _messages.Writer.TryComplete(
                ended.Exception is not null && ended.Reason is MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError
                    ? MqttFailures.Of(ended.Exception!, _site, "messages were awaited")
                    : MqttFailures.OfDisconnect(ended.Reason, _site, "messages were awaited"));
            return Task.CompletedTask;
        };
    }

    /// <summary>Whether MQTT 5 is spoken.</summary>
    public bool IsV5 => _options.Version == MqttVersion.V5;

    /// <summary>Connects.</summary>
    /// <param name="sessionExpiry">How long the session is kept; null for one that ends with the connection.</param>
    /// <param name="receiveMaximum">Unacknowledged messages at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the broker had a session of ours.</returns>
    public async Task<bool> ConnectAsync(TimeSpan? sessionExpiry, int receiveMaximum, CancellationToken cancellationToken)
    {
        _expiry = IsV5 ? (uint)(sessionExpiry?.TotalSeconds ?? 0) : 0;
        var options = new MqttClientOptions
        {
            ChannelOptions = new MqttClientTcpOptions { RemoteEndpoint = new DnsEndPoint(_site.Address.Host, _site.Address.Port > 0 ? _site.Address.Port : _site.Address.Scheme == "mqtts" ? 8883 : 1883), StreamProvider = this },
            CleanSession = sessionExpiry is null,
            ClientId = _clientId,
            KeepAlivePeriod = _options.KeepAlive,
            ProtocolVersion = IsV5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            Timeout = _site.Connection.Limits.AttemptTimeout * 0.8, // ends before the caller's, because we know the reason
        };
        if (IsV5)
            (options.SessionExpiryInterval, options.ReceiveMaximum) = (_expiry, (ushort)receiveMaximum);
        if (_site.Login is { } login)
            options.Credentials = new MqttClientCredentials(login.UserName, Encoding.UTF8.GetBytes(login.Password));
        var result = await AskAsync("it was connected to", () => _client.ConnectAsync(options, cancellationToken), cancellationToken);
        return result.ResultCode == MqttClientConnectResultCode.Success ? result.IsSessionPresent : throw MqttFailures.OfConnect(result.ResultCode, result.ReasonString, _site);
    }

    /// <summary>Subscribes.</summary>
    public async Task SubscribeAsync(IReadOnlyList<string> topics, int qos, bool retained, CancellationToken cancellationToken)
    {
        var options = new MqttClientSubscribeOptions
        {
            TopicFilters = [.. topics.Select(t => new MqttTopicFilter
            {
                Topic = t,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
                RetainHandling = !IsV5 ? default // it always sends them
                    : !retained || t.StartsWith("$share/", StringComparison.Ordinal) ? MqttRetainHandling.DoNotSendOnSubscribe
                    : MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly,
            })],
        };
        var result = await AskAsync("it was subscribed to", () => _client.SubscribeAsync(options, cancellationToken), cancellationToken);
        foreach (var item in result.Items.Where(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
        {
            var forbidden = item.ResultCode is MqttClientSubscribeResultCode.NotAuthorized or MqttClientSubscribeResultCode.UnspecifiedError;
            throw _site.Fail(
                forbidden ? "forbidden" : item.ResultCode is MqttClientSubscribeResultCode.QuotaExceeded ? "rate-limited" : "configuration-invalid",
                $"The broker refused the topic '{item.TopicFilter.Topic}' with {(int)item.ResultCode} {item.ResultCode}: {(forbidden ? "the user may not read it" : "check 'object' and 'topics'")}.",
                isTransient: item.ResultCode is MqttClientSubscribeResultCode.QuotaExceeded);
        }
    }

    /// <summary>The next message; null when none comes in that time.</summary>
    /// <exception cref="StepFailedException">The connection ended.</exception>
    public async Task<MqttApplicationMessageReceivedEventArgs?> NextAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_messages.Reader.TryRead(out var waiting))
            return waiting;
        if (limit <= TimeSpan.Zero)
            return null;
        using var timeout = new CancellationTokenSource(limit, _site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _messages.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException as StepFailedException ?? _site.Fail("source-unavailable", "The connection has ended.", isTransient: true);
        }
    }

    /// <summary>Acknowledges a message.</summary>
    public Task AcknowledgeAsync(MqttApplicationMessageReceivedEventArgs message, CancellationToken cancellationToken) => AskAsync(
        "messages were acknowledged",
        async () =>
        {
            try
            {
                await message.AcknowledgeAsync(cancellationToken);
                return true;
            }
            catch (NullReferenceException closed)
            {
                throw new IOException("it was closed", closed); // the client has let go of its connection
            }
        },
        cancellationToken);

    /// <summary>Asks the broker something. It answers in order: it has what was sent before, and has sent what it had to send.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => AskAsync(
        "it was pinged",
        async () =>
        {
            await _client.PingAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    async Task<Stream> IMqttClientStreamProvider.ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var host = (DnsEndPoint)endPoint;
        var stream = new NetworkStream(await _site.ConnectAsync(host.Host, host.Port, cancellationToken), ownsSocket: true);
        if (_site.Address.Scheme != "mqtts")
            return stream;
        var encrypted = new SslStream(stream);
        try
        {
            await encrypted.AuthenticateAsClientAsync(_site.Tls().Options(host.Host), cancellationToken);
            return encrypted;
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(new() { SessionExpiryInterval = _expiry }).WaitAsync(Closing); // else the session would end with it
        }
        catch (Exception fault) when (MqttFailures.IsOurs(fault, CancellationToken.None))
        {
            // It was broken: the broker keeps the session all the same.
        }

        _client.Dispose();
    }

    async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(_site.Connection.Limits.AttemptTimeout, _site.Time, cancellationToken);
        }
        catch (Exception fault) when (fault is not StepFailedException && MqttFailures.IsOurs(fault, cancellationToken))
        {
            throw MqttFailures.Of(fault, _site, what);
        }
    }
}
