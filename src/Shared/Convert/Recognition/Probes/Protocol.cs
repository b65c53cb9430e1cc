namespace DataIngestion.Conversion.Probes;

/// <summary>The numbers of Protocol Buffers.</summary>
internal static class Protocol
{
    /// <summary>A number in groups of seven bits, the lowest first; null where it does not end.</summary>
    public static ulong? Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        return null;
    }
}
