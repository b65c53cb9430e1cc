using System.Buffers.Binary;

namespace DataIngestion.Conversion.Sas;

/// <summary>Numbers of IBM mainframes, in which transport files hold them: sign, a power of 16, and a fraction of 56 bits (TS-140).</summary>
internal static class XptNumber
{
    /// <param name="bytes">2 to 8; those that are not stored are zero.</param>
    public static SasNumber Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        bytes.CopyTo(whole);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(whole);
        var (first, fraction) = ((byte)(bits >> 56), bits & 0x00FF_FFFF_FFFF_FFFF);
        if (fraction == 0 && (first is (byte)'.' or (byte)'_' or (>= (byte)'A' and <= (byte)'Z')))
            return new(0, (char)first);
        var value = Math.ScaleB(fraction, (((first & 0x7F) - 64) * 4) - 56); // more than 53 bits are rounded to the nearest
        return new((first & 0x80) != 0 ? -value : value, '\0');
    }
}
