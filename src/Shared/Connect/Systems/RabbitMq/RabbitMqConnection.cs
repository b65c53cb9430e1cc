using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Contracts;
using RabbitMQ.Client;

namespace DataIngestion.Connect;

/// <summary>An open connection. Every reader has a channel of its own: what a refused command closes is the channel only.</summary>
internal sealed class RabbitMqConnection(SourceSite site, IConnection connection) : ISourceConnection
{
    static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    public SourceSite Site => site;

    public bool CanBeReused => connection.IsOpen;

    /// <summary>Does something on the connection; what goes wrong becomes a failure of the source.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(site.Connection.Limits.AttemptTimeout, site.Time, cancellationToken);
        }
        catch (Exception fault) when (RabbitMqFailures.IsOurs(fault, cancellationToken))
        {
            throw RabbitMqFailures.Of(fault, site, what);
        }
    }

    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) =>
        AskAsync("a channel was opened", () => connection.CreateChannelAsync(cancellationToken: cancellationToken), cancellationToken);

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await CloseAsync(await OpenChannelAsync(cancellationToken));
        return $"{TextOf("product")} {TextOf("version")}, {connection.Endpoint.HostName}";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // AMQP lists nothing: it tells of a queue whose name one knows.
        if (pattern is null || pattern.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            throw site.Fail(
                "not-supported", "AMQP cannot list queues: ask for one by its whole name, or configure 'object' by what the owner of the broker says.", isTransient: false);
        }

        var channel = await OpenChannelAsync(cancellationToken);
        SourceObject found;
        try
        {
            var queue = await AskAsync($"the queue '{pattern}' was looked up", () => channel.QueueDeclarePassiveAsync(pattern, cancellationToken), cancellationToken);
            found = new(queue.QueueName, "queue", []) { Size = queue.MessageCount };
        }
        finally
        {
            await CloseAsync(channel);
        }

        yield return found;
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var options = OptionsBinder.Bind<RabbitMqReadOptions>(read.Read.Options);
        return options.Mode == RabbitMqMode.Stream
            ? await RabbitMqStreamReader.OpenAsync(this, read, options, cancellationToken)
            : await RabbitMqQueueReader.OpenAsync(this, read, options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(() => connection.CloseAsync(Closing));
        await CloseAsync(async () => await connection.DisposeAsync());
    }

    /// <summary>Closes a channel; what was not acknowledged on it is delivered again.</summary>
    public static async ValueTask CloseAsync(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.IsOpen)
            await CloseAsync(() => channel.CloseAsync());
        await CloseAsync(async () => await channel.DisposeAsync());
    }

    // What is broken is left behind: the broker notices by itself, and its answer is not worth waiting for.
    static async Task CloseAsync(Func<Task> close)
    {
        try
        {
            await close().WaitAsync(Closing);
        }
        catch (Exception fault) when (RabbitMqFailures.IsOurs(fault, CancellationToken.None))
        {
            // As above.
        }
    }

    string TextOf(string property) => connection.ServerProperties?.TryGetValue(property, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : "";
}
