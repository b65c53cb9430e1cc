using System.Buffers.Binary;
using SharpCompress.Common;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.PPMd;

namespace DataIngestion.Conversion.Compression;

/// <summary>Codecs of SharpCompress that are rare enough not to be written anew; what their headers claim is bounded before they are given it.</summary>
internal static class ForeignCodecs
{
    const int MaxMemory = 128 << 20;

    /// <summary>LZMA in one stream.</summary>
    /// <param name="properties">Five bytes: lc, lp and pb in one, and the dictionary's size.</param>
    /// <param name="input">The packed bytes.</param>
    /// <param name="packed">How many there are; -1 if not known.</param>
    /// <param name="size">How many bytes come out.</param>
    public static Stream Lzma(ReadOnlySpan<byte> properties, Stream input, long packed, long size)
    {
        if (properties.Length != 5 || properties[0] >= 9 * 5 * 5)
            throw new CompressionDamage("the properties of its LZMA data are damaged");
        var bounded = properties.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bounded.AsSpan(1), Dictionary(BinaryPrimitives.ReadUInt32LittleEndian(properties[1..]), size));
        return LzmaStream.Create(bounded, input, packed, size, leaveOpen: true);
    }

    /// <summary>PPMd, variant H with the properties of 7z (5 bytes), variant I with those of zip (2 bytes).</summary>
    public static Stream Ppmd(ReadOnlySpan<byte> properties, Stream input)
    {
        if (properties.Length is not (2 or 5))
            throw new CompressionDamage("the properties of its PPMd data are damaged");
        var memory = properties.Length == 5 ? BinaryPrimitives.ReadUInt32LittleEndian(properties[1..]) : (((BinaryPrimitives.ReadUInt16LittleEndian(properties) >> 4) & 0xFFu) + 1) << 20;
        var order = properties.Length == 5 ? properties[0] : (properties[0] & 0xF) + 1;
        if (memory is < 1 << 11 or > MaxMemory || order is < 2 or > 64)
            throw new CompressionDamage($"its PPMd data needs {memory >> 20} MiB and order {order}: at most {MaxMemory >> 20} MiB and order 64 are supported");
        return PpmdStream.Create(new PpmdProperties(properties), input, compress: false);
    }

    /// <summary>The dictionary that is needed: never more than the content has.</summary>
    public static int Dictionary(uint claimed, long size)
    {
        var needed = Math.Min(claimed, (ulong)Math.Max(size, 1 << 12));
        return needed <= MaxMemory ? (int)needed : throw new CompressionDamage($"it needs a dictionary of {needed >> 20} MiB: at most {MaxMemory >> 20} MiB are supported");
    }
}

/// <summary>Decompresses by a codec of others; its failures become damage, and it gives no more bytes than there should be.</summary>
internal sealed class ForeignDecoder(Func<Stream> open, long size) : LayerDecoder
{
    Stream? _stream;
    long _left = size;

    public override int Read(Span<byte> to)
    {
        if (_left == 0)
            return 0;
        try
        {
            _stream ??= open();
            var read = _stream.Read(to[..(int)Math.Min(to.Length, _left)]);
            _left -= read;
            return read;
        }
        catch (Exception damaged) when (damaged is SharpCompressException or EndOfStreamException or InvalidDataException or IndexOutOfRangeException or ArgumentException
            or InvalidOperationException or NullReferenceException or OverflowException or NotSupportedException or ArithmeticException)
        {
            throw new CompressionDamage("its compressed data is invalid", damaged);
        }
    }

    protected override void Release() => _stream?.Dispose();
}
