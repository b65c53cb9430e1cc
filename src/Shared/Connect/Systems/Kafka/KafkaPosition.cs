using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>Where a partition continues.</summary>
/// <param name="Offset">Next offset to read.</param>
/// <param name="Epoch">Leader epoch of the message before it, which tells a log that was cut and written anew; null where unknown.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KafkaMark(long Offset, int? Epoch);

/// <summary>
/// Next offset of every partition, as text: <c>0:1500@3,1:1622</c>, which is partition, offset and leader epoch. When that would be
/// too long, the same text compressed behind <c>z:</c>.
/// </summary>
internal static class KafkaPosition
{
    /// <summary>Characters that a position may have.</summary>
    public const int Longest = 4000;

    /// <summary>Writes it; null when even compressed it is too long.</summary>
    public static string? Write(IReadOnlyDictionary<int, KafkaMark> marks)
    {
        var text = new StringBuilder();
        foreach (var (partition, mark) in marks.OrderBy(m => m.Key))
        {
            text.Append(text.Length > 0 ? "," : "").Append(partition).Append(':').Append(mark.Offset);
            if (mark.Epoch is { } epoch)
                text.Append('@').Append(epoch);
        }

        if (text.Length <= Longest)
            return text.ToString();
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(Encoding.ASCII.GetBytes(text.ToString()));
        var compressed = "z:" + Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return compressed.Length <= Longest ? compressed : null;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null when it is something else.</summary>
    public static Dictionary<int, KafkaMark>? Read(string text)
    {
        if (text.StartsWith("z:", StringComparison.Ordinal))
        {
            if (Unpack(text.AsSpan(2)) is not { } unpacked)
                return null;
            text = unpacked;
        }

        var marks = new Dictionary<int, KafkaMark>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            var epoch = -1;
            if (colon < 0 || !int.TryParse(entry.AsSpan(0, colon), out var partition) || partition < 0
                || !long.TryParse(entry.AsSpan((colon + 1)..(at < 0 ? entry.Length : at)), out var offset) || offset < 0
                || (at >= 0 && !int.TryParse(entry.AsSpan(at + 1), out epoch)))
            {
                return null;
            }

            marks[partition] = new(offset, epoch >= 0 ? epoch : null);
        }

        return marks;
    }

    static string? Unpack(ReadOnlySpan<char> base64)
    {
        var packed = new byte[base64.Length];
        var unpacked = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            return Convert.TryFromBase64Chars(base64, packed, out var length) && BrotliDecoder.TryDecompress(packed.AsSpan(0, length), unpacked, out var written)
                ? Encoding.ASCII.GetString(unpacked, 0, written)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unpacked);
        }
    }
}
