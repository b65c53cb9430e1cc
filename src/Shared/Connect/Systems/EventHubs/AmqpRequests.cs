using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;

namespace DataIngestion.Connect;

/// <summary>Questions to a node of an AMQP service, with answers on a link of their own.</summary>
internal sealed class AmqpRequests
{
    const int Credit = 10;

    readonly SourceSite _site;
    readonly SenderLink _sender;
    readonly string _replyTo = $"data-ingestion-{Guid.NewGuid():N}";
    readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new(StringComparer.Ordinal);
    int _number;

    public AmqpRequests(SourceSite site, Session session, string node)
    {
        _site = site;
        _sender = new(session, $"{_replyTo}-ask", node);
        var receiver = new ReceiverLink(session, $"{_replyTo}-hear", new Attach { Source = new Source { Address = node }, Target = new Target { Address = _replyTo } }, onAttached: null);
        receiver.Start(Credit, (link, message) =>
        {
            link.Accept(message);
            if (message.Properties?.GetCorrelationId()?.ToString() is { } id && _waiting.TryRemove(id, out var waiting))
                waiting.TrySetResult(message);
        });
        receiver.AddClosedCallback((_, error) => Close(error));
        _sender.AddClosedCallback((_, error) => Close(error));
    }

    /// <summary>Asks; the answer is the caller's to dispose.</summary>
    /// <param name="what">What the question is for, for messages.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DataIngestion.Contracts.StepFailedException">It was refused, or not answered.</exception>
    public async Task<Message> AskAsync(string what, Message message, CancellationToken cancellationToken)
    {
        var id = $"{Interlocked.Increment(ref _number)}";
        var waiting = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        message.Properties = new() { MessageId = id, ReplyTo = _replyTo };
        try
        {
            if (_sender.IsClosed)
                throw new AmqpException(_sender.Error ?? new Error(ErrorCode.DetachForced));
            await Task.WhenAll(_sender.SendAsync(message), waiting.Task).WaitAsync(_site.Connection.Limits.AttemptTimeout, _site.Time, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw EventHubsFailures.Of(_site, what, fault);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }

        var answer = await waiting.Task;
        var status = Convert.ToInt32(answer.ApplicationProperties?["status-code"] ?? answer.ApplicationProperties?["statusCode"] ?? 0);
        return status is 200 or 202
            ? answer
            : throw EventHubsFailures.Of(_site, what, status, (answer.ApplicationProperties?["status-description"] ?? answer.ApplicationProperties?["statusDescription"])?.ToString());
    }

    void Close(Error? error)
    {
        foreach (var waiting in _waiting.Values)
            waiting.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced)));
    }
}
