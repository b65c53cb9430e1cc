using System.Text;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The text of cells.</summary>
internal static class CellText
{
    /// <summary>The cell's text, with doubled quotes made single in <paramref name="scratch"/> where there are any.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> bytes, in Cell cell, byte quote, ref byte[] scratch)
    {
        var text = bytes.Slice(cell.Start, cell.Length);
        if (cell.Kind != CellKind.QuotedEscaped)
            return text;
        if (scratch.Length < text.Length)
            scratch = new byte[Math.Max(text.Length, 256)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            scratch[length++] = text[i];
            if (text[i] == quote)
                i++;
        }

        return scratch.AsSpan(0, length);
    }

    /// <summary>The day of a <see cref="CellKind.Midnight"/>.</summary>
    public static ReadOnlySpan<byte> DayOf(ReadOnlySpan<byte> midnight) => midnight[..midnight.IndexOf((byte)'T')];

    /// <summary>The first characters of a record; bytes that are not UTF-8 show as U+FFFD.</summary>
    public static string Cut(ReadOnlySpan<byte> raw, int most)
    {
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, most * 4)]);
        return text.Length <= most ? text : text[..most];
    }

    public static string Read(ReadOnlySpan<byte> bytes, in Cell cell, byte quote)
    {
        byte[] scratch = [];
        return Encoding.UTF8.GetString(Of(bytes, cell, quote, ref scratch));
    }
}
