using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>
/// Timestamps as ISO 8601 with <c>T</c> or a space, units since 1970-01-01T00:00. Date and hour are remembered: neighbours usually share them.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TimestampKernel(DataType type, bool strict, TextShape form = TextShape.None) : ICellKernel<long>
{
    /// <summary>Bytes of <c>yyyy-MM-ddTHH</c>.</summary>
    const int HourLength = 13;
    readonly Clock _clock = new(type.Unit);
    readonly bool _isUtc = type.IsUtc;
    DateKernel _dates;
    ulong _head;
    ulong _tail;
    long _hour;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out long value)
    {
        value = 0;
        if (length <= HourLength || start < 0 || start + HourLength + Vector128<byte>.Count > data.Length || start + length > data.Length)
            return false;
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start);
        if (_isUtc)
        {
            if ((Unsafe.Add(ref text, length - 1) | 0x20) != 'z')
                return false;
            length--;
        }

        if (!_clock.TryRead(ref Unsafe.Add(ref text, HourLength), length - HourLength, out value))
            return false;
        var (head, tail) = (Unsafe.ReadUnaligned<ulong>(ref text), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, HourLength - 8)));
        if ((head != _head || tail != _tail) && !TryHour(ref text, head, tail))
            return false;
        value += _hour;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryHour(ref byte text, ulong head, ulong tail)
    {
        var (tens, ones) = ((uint)(Unsafe.Add(ref text, 11) - '0'), (uint)(Unsafe.Add(ref text, 12) - '0'));
        if (Unsafe.Add(ref text, 10) is not ((byte)'T' or (byte)' ' or (byte)'t')
            || tens > 2 || ones > 9 || (tens * 10) + ones > 23 || !_dates.TryRead(ref text, out var days))
            return false;
        // Nanoseconds of other years may not fit into 64 bits, and inference makes text of them.
        var year = MemoryMarshal.CreateReadOnlySpan(ref text, 4);
        if (_clock.PerSecond == 1_000_000_000 && (year.SequenceCompareTo("1678"u8) < 0 || year.SequenceCompareTo("2261"u8) > 0))
            return false;
        (_head, _tail, _hour) = (head, tail, ((days * 24L) + (tens * 10) + ones) * 3600 * _clock.PerSecond);
        return true;
    }

    public readonly bool TryReadAny(ReadOnlySpan<byte> text, out long value) =>
        TimestampParser.TryRead(text, type, strict ? TextShape.IsoDate : form, dayFirst: true, strict, out value);
}
