using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Dbf;

/// <summary>Code pages by the number of the language driver (byte 29 of the header).</summary>
internal static class DbfCodePages
{
    /// <summary>The page of a table that does not say: what dBASE under DOS had in most of the world.</summary>
    const string Usual = "windows-1252";

    static readonly Dictionary<byte, int> ByDriver = new()
    {
        [0x01] = 437,
        [0x02] = 850,
        [0x03] = 1252,
        [0x08] = 865,
        [0x09] = 437,
        [0x0A] = 850,
        [0x0B] = 437,
        [0x0D] = 437,
        [0x0E] = 850,
        [0x0F] = 437,
        [0x10] = 850,
        [0x11] = 437,
        [0x12] = 850,
        [0x13] = 932,
        [0x14] = 850,
        [0x15] = 437,
        [0x16] = 850,
        [0x17] = 865,
        [0x18] = 437,
        [0x19] = 437,
        [0x1A] = 850,
        [0x1B] = 437,
        [0x1C] = 863,
        [0x1D] = 850,
        [0x1F] = 852,
        [0x22] = 852,
        [0x23] = 852,
        [0x24] = 860,
        [0x25] = 850,
        [0x26] = 866,
        [0x37] = 850,
        [0x40] = 852,
        [0x4D] = 936,
        [0x4E] = 949,
        [0x4F] = 950,
        [0x50] = 874,
        [0x57] = 1252,
        [0x58] = 1252,
        [0x59] = 1252,
        [0x64] = 852,
        [0x65] = 866,
        [0x66] = 865,
        [0x67] = 861,
        [0x6A] = 737,
        [0x6B] = 857,
        [0x6C] = 863,
        [0x78] = 950,
        [0x79] = 949,
        [0x7A] = 936,
        [0x7B] = 932,
        [0x7C] = 874,
        [0x86] = 737,
        [0x87] = 852,
        [0x88] = 857,
        [0xC8] = 1250,
        [0xC9] = 1251,
        [0xCA] = 1254,
        [0xCB] = 1253,
        [0xCC] = 1257,
    };

    static DbfCodePages() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding, and what is to be told about it.</summary>
    /// <param name="configured">A name that takes precedence.</param>
    public static (Encoding Encoding, string? Note) Of(DbfHeader header, string? configured)
    {
        if (configured is not null)
            return (InputStreams.Find(configured), null);
        if (ByDriver.TryGetValue(header.Language, out var page))
            return (Encoding.GetEncoding(page), null);
        var why = header.Language == 0 ? "does not say its code page" : $"has the unknown code page {header.Language:x2}";
        return (InputStreams.Find(Usual), $"The table {why}: text is read as {Usual}; the option 'code-page' says otherwise.");
    }
}
