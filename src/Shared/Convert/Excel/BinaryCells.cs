namespace DataIngestion.Conversion.Excel;

/// <summary>What the two binary formats of Excel have in common.</summary>
internal static class BinaryCells
{
    /// <summary>A number packed into 30 bits ([MS-XLS] 2.5.217): a whole number or the upper half of a double, perhaps in hundredths.</summary>
    public static double Rk(uint packed)
    {
        var value = (packed & 2) != 0 ? (int)packed >> 2 : BitConverter.Int64BitsToDouble((long)(packed & ~3u) << 32);
        return (packed & 1) != 0 ? value / 100 : value;
    }

    /// <summary>The name of an error ([MS-XLS] 2.5.10).</summary>
    public static ReadOnlySpan<byte> ErrorName(byte code) => code switch
    {
        0x00 => "#NULL!"u8,
        0x07 => "#DIV/0!"u8,
        0x0F => "#VALUE!"u8,
        0x17 => "#REF!"u8,
        0x1D => "#NAME?"u8,
        0x24 => "#NUM!"u8,
        0x2A => "#N/A"u8,
        0x2B => "#GETTING_DATA"u8,
        _ => "#ERROR"u8,
    };
}
