using System.Net;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The beginning of an answer's body, read to judge it, and the whole of it for whoever comes next.</summary>
internal sealed class JudgedBody
{
    const int HeadBytes = 64 << 10;

    JudgedBody(ReadOnlyMemory<byte> head, Stream body, AnswerVerdict? verdict) => (Head, Body, Verdict) = (head, body, verdict);

    /// <summary>Its first bytes.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>All of it, from the start.</summary>
    public Stream Body { get; }

    /// <summary>What the judge said; null where the status says it.</summary>
    public AnswerVerdict? Verdict { get; }

    /// <summary>Reads and judges.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="call">What was asked, with its judge.</param>
    /// <param name="isEndless">Whether its body may never end: then only answers that say that they are short are judged, and failures.</param>
    /// <param name="maxBytes">Bound of its size.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where there is nobody to judge it.</returns>
    public static async Task<JudgedBody?> OfAsync(HttpResponseMessage message, SourceCall call, bool isEndless, long maxBytes, CancellationToken cancellationToken)
    {
        if (call.Request.Judge is not { } judge || message.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.PartialContent)
            return null;
        if (isEndless && message.IsSuccessStatusCode && !(message.Content.Headers.ContentLength <= HeadBytes))
            return null;

        var body = new BoundedBody(await ResponseBody.OpenAsync(message, call.Display, cancellationToken), maxBytes, call.Display);
        var buffer = new byte[(int)Math.Clamp(message.Content.Headers.ContentLength + 1 ?? HeadBytes, 1, HeadBytes)];
        var length = 0;
        var isWhole = false;
        try
        {
            while (length < HeadBytes && !isWhole)
            {
                if (length == buffer.Length)
                    Array.Resize(ref buffer, HeadBytes); // decompressed it is longer than it said
                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                (length, isWhole) = (length + read, read == 0);
            }
        }
        catch (StepFailedException) when (!message.IsSuccessStatusCode)
        {
            // The status says enough without the rest of the body.
        }

        var head = buffer.AsMemory(0, length);
        var verdict = judge.Judge(new((int)message.StatusCode, name => KeptHeaders.Find(message, name), head, isWhole));
        return new(head, new FromStart(head, body), verdict);
    }

    /// <summary>The failure that the verdict means; null where it is none.</summary>
    public static StepFailedException? FailureOf(AnswerVerdict verdict, HttpResponseMessage message, SourceCall call, DateTimeOffset now)
    {
        var status = (int)message.StatusCode;
        var said = verdict.Message is { } text && TextQuote.Of(System.Text.Encoding.UTF8.GetBytes(text), call.Secrets.Mask) is { Length: > 0 } quote ? $" It said: {quote}" : "";
        var notBefore = verdict.Wait is { } wait ? now + wait : RetryAfter.Of(message, now);
        return verdict.Means switch
        {
            AnswerMeaning.Retry => new(new()
            {
                Code = "source-unavailable",
                Message = $"{call.Display} answered {status}, which goes away by what is said of its answers.{said}",
                IsTransient = true,
                RetryNotBefore = notBefore,
                HttpStatus = status,
            }),
            AnswerMeaning.Limited => new(new()
            {
                Code = "rate-limited",
                Message = $"{call.Display} answered {status}, which means that it was asked too often: lower 'requestsPerSecond' if this happens often.{said}",
                IsTransient = true,
                RetryNotBefore = notBefore,
                HttpStatus = (int)HttpStatusCode.TooManyRequests, // as the status would have been
            }),
            AnswerMeaning.Failed => new(new()
            {
                Code = "request-refused",
                Message = $"{call.Display} answered {status} and failed: check the request's 'path', 'query' and 'body', and what the subscription allows.{said}",
                HttpStatus = status,
            }),
            _ => null,
        };
    }

    /// <summary>What was read already, then the rest.</summary>
    sealed class FromStart(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        int _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _given < head.Length ? Give(buffer.Span) : await rest.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(Span<byte> buffer) => _given < head.Length ? Give(buffer) : rest.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }

        int Give(Span<byte> buffer)
        {
            var piece = head.Span[_given..];
            piece = piece[..Math.Min(piece.Length, buffer.Length)];
            piece.CopyTo(buffer);
            _given += piece.Length;
            return piece.Length;
        }
    }
}
