using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>The forms of a page of byte strings that has no dictionary.</summary>
internal static class BytesPages
{
    /// <summary>Writes a string in its plain form: its length and its bytes.</summary>
    public static void WritePlain(ReadOnlySpan<byte> value, ByteSink output)
    {
        var room = output.Room(value.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(room, value.Length);
        value.CopyTo(room[4..]);
        output.Advance(value.Length + 4);
    }

    /// <summary>Each length before its bytes (PLAIN).</summary>
    public static void WritePlain(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> bytes, ByteSink output)
    {
        foreach (var length in lengths)
        {
            WritePlain(bytes[..length], output);
            bytes = bytes[length..];
        }
    }

    /// <summary>All lengths, then all bytes (DELTA_LENGTH_BYTE_ARRAY).</summary>
    public static void WriteLengths(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> bytes, ByteSink output)
    {
        DeltaBinaryPacked.Encode(lengths, output);
        output.Write(bytes);
    }

    /// <summary>How many bytes each string shares with the one before it, then the rest of each (DELTA_BYTE_ARRAY).</summary>
    /// <param name="lengths">Of the strings.</param>
    /// <param name="bytes">The strings without gaps.</param>
    /// <param name="scratch">As long as <paramref name="lengths"/>.</param>
    /// <param name="output">Is appended to.</param>
    public static void WritePrefixes(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> bytes, Span<int> scratch, ByteSink output)
    {
        Prefixes(lengths, bytes, scratch);
        DeltaBinaryPacked.Encode<int>(scratch, output);
        using var rest = new ByteSink();
        var at = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            rest.Write(bytes[(at + scratch[i])..(at + lengths[i])]);
            at += lengths[i];
            scratch[i] = lengths[i] - scratch[i];
        }

        DeltaBinaryPacked.Encode<int>(scratch, output);
        output.Write(rest.Span);
    }

    /// <summary>Fills in how many bytes each string shares with the one before it, and returns their sum.</summary>
    public static long Prefixes(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> bytes, Span<int> prefixes)
    {
        var (at, before, sum) = (0, 0, 0L);
        for (var i = 0; i < lengths.Length; i++)
        {
            var prefix = bytes[before..at].CommonPrefixLength(bytes.Slice(at, lengths[i]));
            prefixes[i] = prefix;
            sum += prefix;
            before = at;
            at += lengths[i];
        }

        return sum;
    }
}
