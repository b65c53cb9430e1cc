using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Dates as <c>yyyy-MM-dd</c>, days since 1970-01-01.</summary>
/// <param name="form">The form of other dates: none for each that leaves nothing open.</param>
[StructLayout(LayoutKind.Auto)]
internal struct DateKernel(TextShape form) : ICellKernel<int>
{
    /// <summary>Bytes of a date.</summary>
    public const int Length = 10;
    const ulong Pattern = 0x2D30_302D_3030_3030; // 0000-00-, first byte lowest
    const ulong Carry = 0x0F06_060F_0606_0606; // makes a byte that is no digit, or no hyphen, reach its upper half
    const ulong Upper = 0xF0F0_F0F0_F0F0_F0F0;
    const int EpochDay = 719_162;
    ulong _head;
    int _first; // day of the month in _head
    int _days; // of that month

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out int value)
    {
        value = 0;
        return length == Length && start >= 0 && start + Length <= data.Length && TryRead(ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start), out value);
    }

    /// <summary>The date of the ten bytes from <paramref name="text"/> on. The month is remembered: neighbours often share it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ref byte text, out int value)
    {
        var head = Unsafe.ReadUnaligned<ulong>(ref text);
        var (tens, ones) = ((uint)(Unsafe.Add(ref text, 8) - '0'), (uint)(Unsafe.Add(ref text, 9) - '0'));
        var day = (tens * 10) + ones;
        value = _first + (int)day - 1;
        if (head == _head && tens <= 9 && ones <= 9 && day - 1 < (uint)_days)
            return true;
        return head != _head && tens <= 9 && ones <= 9 && TryMonth(head, (int)day, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryMonth(ulong head, int day, out int value)
    {
        value = 0;
        var digits = (BitConverter.IsLittleEndian ? head : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(head)) ^ Pattern;
        if (((digits | (digits + Carry)) & Upper) != 0)
            return false;
        var year = (int)(((digits & 15) * 1000) + (((digits >> 8) & 15) * 100) + (((digits >> 16) & 15) * 10) + ((digits >> 24) & 15));
        var month = (int)((((digits >> 40) & 15) * 10) + ((digits >> 48) & 15));
        if (year < 1 || month is < 1 or > 12)
            return false;
        var days = DateTime.DaysInMonth(year, month);
        if (day < 1 || day > days)
            return false;
        (_head, _days, _first) = (head, days, new DateOnly(year, month, 1).DayNumber - EpochDay);
        value = _first + day - 1;
        return true;
    }

    public readonly bool TryReadAny(ReadOnlySpan<byte> text, out int value) => TimeText.TryDate(text, form, true, out value);
}
