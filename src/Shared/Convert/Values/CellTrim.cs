namespace DataIngestion.Conversion.Values;

/// <summary>Blanks around a typed value mean nothing; text keeps them.</summary>
internal static class CellTrim
{
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) =>
        text.Length > 0 && (text[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' || text[^1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            ? text.Trim(" \t\r\n"u8)
            : text;
}
