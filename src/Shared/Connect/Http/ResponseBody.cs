using System.Buffers.Binary;
using System.IO.Compression;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The body of an answer without its content coding. Only gzip is asked for.</summary>
internal static class ResponseBody
{
    /// <summary>Opens the body.</summary>
    /// <exception cref="StepFailedException">It comes in a coding that was not asked for.</exception>
    public static async Task<Stream> OpenAsync(HttpResponseMessage message, string display, CancellationToken cancellationToken)
    {
        var coding = string.Join(',', message.Content.Headers.ContentEncoding).ToLowerInvariant();
        var raw = await message.Content.ReadAsStreamAsync(cancellationToken);
        return coding switch
        {
            "" or "identity" => Checksums.Of(message) is { } checksums ? new ChecksumBody(raw, checksums, display) : raw,
            "gzip" or "x-gzip" => new WholeGzip(new Tail(raw)),
            _ => throw new StepFailedException(new()
            {
                Code = "unexpected-body",
                Message = $"{display} answered in the coding '{coding}': expected gzip or none.",
            }),
        };
    }

    /// <summary>A body that must be what its checksum says.</summary>
    sealed class ChecksumBody(Stream raw, Checksums checksums, string display) : ReadOnlyStream(raw)
    {
        protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
        {
            checksums.Append(bytes);
            if (isEnd && checksums.FindMismatch() is { } header)
                throw Checksums.Mismatch(display, header);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                checksums.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>
    /// Gzip that must be complete: the framework's decompressor takes the end of broken bytes for the end of the text. The last four
    /// bytes say how long the text is (RFC 1952, ISIZE). One member, as servers send it.
    /// </summary>
    sealed class WholeGzip(Tail compressed) : ReadOnlyStream(new GZipStream(compressed, CompressionMode.Decompress))
    {
        long _length;

        protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
        {
            _length += bytes.Length;
            if (isEnd && compressed.Total > 0 && compressed.LastFour != (uint)_length)
                throw new InvalidDataException($"the compressed bytes end after {_length} bytes of text, before their own end");
        }
    }

    /// <summary>Remembers the last four bytes that passed.</summary>
    sealed class Tail(Stream inner) : ReadOnlyStream(inner)
    {
        readonly byte[] _last = new byte[4];

        public long Total { get; private set; }

        public uint LastFour => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
        {
            Total += bytes.Length;
            if (bytes.Length < 4)
            {
                _last.AsSpan(bytes.Length).CopyTo(_last);
                bytes.CopyTo(_last.AsSpan(4 - bytes.Length));
            }
            else
            {
                bytes[^4..].CopyTo(_last);
            }
        }
    }
}
