using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>
/// Timestamps as ISO 8601 with <c>T</c> or a space, units since 1970-01-01T00:00. Date and hour are remembered, and the offset from UTC:
/// neighbours usually share them.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TimestampKernel(DataType type, bool strict, TextShape form = TextShape.None) : ICellKernel<long>
{
    /// <summary>Bytes of <c>yyyy-MM-ddTHH</c>.</summary>
    const int HourLength = 13;

    /// <summary>Bytes of <c>+hh:mm</c>.</summary>
    const int ZoneLength = 6;
    readonly Clock _clock = new(type.Unit);
    readonly bool _isUtc = type.IsUtc;
    DateKernel _dates;
    ulong _head;
    ulong _tail;
    long _hour;
    ulong _zone;
    long _offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out long value)
    {
        value = 0;
        if (length <= HourLength || start < 0 || start + HourLength + Vector128<byte>.Count > data.Length || start + length > data.Length)
            return false;
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start);
        var offset = 0L;
        if (_isUtc && !TryZone(ref text, ref length, out offset))
            return false;
        if (!_clock.TryRead(ref Unsafe.Add(ref text, HourLength), length - HourLength, out value))
            return false;
        var (head, tail) = (Unsafe.ReadUnaligned<ulong>(ref text), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, HourLength - 8)));
        if ((head != _head || tail != _tail) && !TryHour(ref text, head, tail))
            return false;
        value += _hour - offset;
        return true;
    }

    /// <summary>Takes the zone off the end.</summary>
    /// <param name="offset">What is to be subtracted to get to UTC, in units.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryZone(ref byte text, ref int length, out long offset)
    {
        offset = 0;
        if ((Unsafe.Add(ref text, length - 1) | 0x20) == 'z')
        {
            length--;
            return true;
        }

        length -= ZoneLength;
        if (length <= HourLength)
            return false;
        ref var zone = ref Unsafe.Add(ref text, length);
        var key = Unsafe.ReadUnaligned<uint>(ref zone) | ((ulong)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref zone, 4)) << 32);
        if (key != _zone && !TryOffset(ref zone, key))
            return false;
        offset = _offset;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryOffset(ref byte zone, ulong key)
    {
        // The reader of clocks says what a zone is.
        Span<byte> clock = stackalloc byte[5 + ZoneLength];
        "00:00"u8.CopyTo(clock);
        MemoryMarshal.CreateReadOnlySpan(ref zone, ZoneLength).CopyTo(clock[5..]);
        if (zone is not ((byte)'+' or (byte)'-') || !ClockText.TryRead(clock, basic: false, mail: false, out var read) || !read.IsZoned)
            return false;
        (_zone, _offset) = (key, read.Offset * _clock.PerSecond);
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
