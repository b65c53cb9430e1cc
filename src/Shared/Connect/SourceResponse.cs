using System.Net;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A source's answer. Its headers hold no secrets; its body may be read once.</summary>
public sealed class SourceResponse : IAsyncDisposable
{
    readonly HttpResponseMessage _message;
    readonly Uri _address;
    readonly SourceCall _call;

    internal SourceResponse(HttpResponseMessage message, Uri address, Stream body, SourceCall call, DateTimeOffset receivedAt)
    {
        (_message, _address, _call) = (message, address, call);
        Body = body;
        ReceivedAt = receivedAt;
        Headers = KeptHeaders.Of(message, call.Secrets);
        using var checksums = Checksums.Of(message);
        CanBeChecked = message.Content.Headers.ContentLength is not null || checksums is not null;
    }

    /// <summary>A 2xx or 304; another one only where a judge said that it is no failure.</summary>
    public HttpStatusCode Status => _message.StatusCode;

    /// <summary>Whether a judge said that there is nothing to be had: no records, and no further page.</summary>
    public bool IsEmpty { get; internal init; }

    /// <summary>Media type with its parameters, as the source declared it.</summary>
    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    /// <summary>Headers worth keeping (<c>ETag</c>, <c>Last-Modified</c>, <c>Date</c>, <c>Link</c>, <c>Content-Type</c> …), secrets replaced by <c>***</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Any header of the answer by its name, several values joined by a comma, secrets replaced by <c>***</c>; null where it is not there.</summary>
    public string? Header(string name) => KeptHeaders.Find(_message, name) is { } value ? _call.Secrets.Mask(value) : null;

    /// <summary>The <c>Link</c> header as it came. It may hold secrets: pass targets through <see cref="ResolveLink"/> and store nothing else.</summary>
    public string? RawLink => _message.Headers.TryGetValues("Link", out var values) ? string.Join(", ", values) : null;

    /// <summary>The answer itself, for what else its headers say.</summary>
    internal HttpResponseMessage Message => _message;

    /// <summary>Whether the answer names a length or a checksum by which one can tell that all of it came.</summary>
    public bool CanBeChecked { get; }

    /// <summary>What was asked, without secrets.</summary>
    public string Endpoint => _call.Display;

    /// <summary>When the headers had arrived.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The body, decompressed. Fails with a <see cref="StepFailedException"/> when it breaks off or grows over the limit.</summary>
    public Stream Body { get; }

    /// <summary>Turns a link found in the answer into the <see cref="SourceRequest.Path"/> that follows it: absolute, with credentials taken out or put back as references.</summary>
    /// <param name="target">Absolute, or relative to this answer's address.</param>
    /// <exception cref="StepFailedException">The link is not an address, or leads to another scheme, host or port (<c>link-refused</c>).</exception>
    public string ResolveLink(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!Uri.TryCreate(_address, target, out var link) || !(Origin.IsSame(link, _address) || _call.IsOurs(link)) || link.UserInfo.Length > 0)
        {
            throw new StepFailedException(new()
            {
                Code = "link-refused",
                Message = $"{_call.Display} names '{_call.Secrets.Mask(target)}' as the next page: expected an address on the same scheme, host and port, or on one of the connection's 'origins'.",
            });
        }

        return _call.Secrets.ToReferences(link, _call.Connection.Auth?["query"]);
    }

    /// <summary>A text from the answer with every secret replaced by <c>***</c>, for messages.</summary>
    public string Mask(string text) => _call.Secrets.Mask(text);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        _message.Dispose();
        _call.Finished?.Invoke();
    }
}
