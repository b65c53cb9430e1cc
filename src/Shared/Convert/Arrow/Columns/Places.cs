using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Reads offsets, sizes, run ends and indices: integers of 8 to 64 bits, as 64-bit ones.</summary>
/// <param name="width">Bytes of each: 1, 2, 4 or 8.</param>
internal sealed class Places(int width, bool isSigned, bool isBigEndian)
{
    byte[] _reversed = [];
    long[] _read = [];

    /// <summary>Some of them. Good until the next call.</summary>
    public ReadOnlySpan<long> Read(ArrowBytes from, long start, int count)
    {
        var stored = from.Slice(start * width, (long)count * width);
        if (_read.Length < count)
            _read = new long[count];
        if (isBigEndian && width > 1)
            stored = ByteOrder.Reversed(stored, width, ref _reversed);
        var to = _read.AsSpan(0, count);
        switch (width)
        {
            case 1:
                for (var i = 0; i < count; i++)
                    to[i] = isSigned ? (sbyte)stored[i] : stored[i];
                break;
            case 2:
                for (var i = 0; i < count; i++)
                    to[i] = BinaryPrimitives.ReadInt16LittleEndian(stored[(i * 2)..]) is var two && isSigned ? two : (ushort)two;
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, int>(stored);
                for (var i = 0; i < count; i++)
                    to[i] = isSigned ? four[i] : (uint)four[i];
                break;
            default:
                MemoryMarshal.Cast<byte, long>(stored).CopyTo(to); // unsigned ones beyond the signed are negative, and refused as such
                break;
        }

        return to;
    }
}
