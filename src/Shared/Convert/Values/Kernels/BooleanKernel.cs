using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary><c>true</c> and <c>false</c>, in letters of any case.</summary>
internal readonly struct BooleanKernel(bool strict) : ICellKernel<bool>
{
    const uint LowerCase = 0x2020_2020;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out bool value)
    {
        value = false;
        if (length is < 4 or > 5 || start < 0 || start + length > data.Length)
            return false;
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start);
        var word = Unsafe.ReadUnaligned<uint>(ref text) | LowerCase;
        value = length == 4;
        // The last letter of both words is the same and in the first four of one only.
        return word == (value ? Word("true"u8) : Word("fals"u8)) && (Unsafe.Add(ref text, length - 1) | 0x20) == 'e';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Word(ReadOnlySpan<byte> letters) => MemoryMarshal.Read<uint>(letters);

    public bool TryReadAny(ReadOnlySpan<byte> text, out bool value) =>
        BooleanText.TryRead(text, out var pair, out value) && (!strict || pair == BooleanText.TrueFalse);
}
