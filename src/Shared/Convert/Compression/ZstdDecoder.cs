using System.Buffers;
using ZstdSharp;

namespace DataIngestion.Conversion.Compression;

/// <summary>Zstandard (RFC 8878): all frames; checksums are checked where frames have them. Windows up to 128 MiB.</summary>
internal sealed class ZstdDecoder(CompressedInput input) : LayerDecoder
{
    readonly Decompressor _decompressor = new();
    bool _inFrame;
    bool _begun;
    bool _isInvalid;

    public override int Read(Span<byte> to)
    {
        while (true)
        {
            if (!_inFrame && _begun && input.IsAtEnd)
                return 0;
            if (!_inFrame && !IsFrame(input.Peek(4)))
                throw _begun ? TrailingBytes.Found(input) : new CompressionDamage("it does not start like zstd");
            var written = Decompress(to);
            if (written > 0)
                return written;
            if (_isInvalid)
                throw new CompressionDamage($"a frame is invalid, or other bytes follow its end, at compressed byte {input.Position}");
            if (_inFrame && input.IsAtEnd)
                throw CompressionDamage.CutOff("a frame");
        }
    }

    // One call goes on from frame to frame, and gives what it has before it stops.
    int Decompress(Span<byte> to)
    {
        if (_isInvalid)
            return 0;
        try
        {
            var status = _decompressor.UnwrapStream(input.Available(), to, out var consumed, out var written);
            input.Skip(consumed);
            _inFrame = status != OperationStatus.Done;
            _isInvalid = status == OperationStatus.InvalidData;
            _begun = true;
            return written;
        }
        catch (ZstdException invalid)
        {
            throw new CompressionDamage($"a frame is invalid near compressed byte {input.Position} ({invalid.Message})", invalid);
        }
    }

    /// <summary>A frame or a skippable frame.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && (head[..4].SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || (head[0] & 0xF0) == 0x50 && head[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18]));

    protected override void Release() => _decompressor.Dispose();
}
