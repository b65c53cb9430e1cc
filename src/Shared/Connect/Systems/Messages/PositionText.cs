using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>Positions of many partitions as text that is short enough to be kept: as it is, or compressed behind <c>z:</c>.</summary>
internal static class PositionText
{
    /// <summary>Characters that a position may have.</summary>
    public const int Longest = 4000;

    const string Packed = "z:";

    /// <summary>The text, compressed where it must be; null when even that is too long.</summary>
    public static string? Pack(string text)
    {
        if (text.Length <= Longest)
            return text;
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(Encoding.ASCII.GetBytes(text));
        var compressed = Packed + Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return compressed.Length <= Longest ? compressed : null;
    }

    /// <summary>The text that <see cref="Pack"/> got; null when it is something else.</summary>
    public static string? Unpack(string text)
    {
        if (!text.StartsWith(Packed, StringComparison.Ordinal))
            return text;
        var packed = new byte[text.Length];
        var unpacked = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            return Convert.TryFromBase64Chars(text.AsSpan(Packed.Length), packed, out var length) && BrotliDecoder.TryDecompress(packed.AsSpan(0, length), unpacked, out var written)
                ? Encoding.ASCII.GetString(unpacked, 0, written)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unpacked);
        }
    }
}
