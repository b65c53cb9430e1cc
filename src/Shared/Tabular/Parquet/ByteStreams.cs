using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>The bytes of values in streams, one for each place in a value: Parquet's BYTE_STREAM_SPLIT.</summary>
internal static class ByteStreams
{
    public static void Write<T>(ReadOnlySpan<T> values, ByteSink output)
        where T : unmanaged
    {
        var width = Unsafe.SizeOf<T>();
        var bytes = MemoryMarshal.AsBytes(values);
        var room = output.Room(bytes.Length);
        for (var place = 0; place < width; place++)
        {
            var stream = room.Slice(place * values.Length, values.Length);
            for (int i = 0, at = place; i < stream.Length; i++, at += width)
                stream[i] = bytes[at];
        }

        output.Advance(bytes.Length);
    }
}
