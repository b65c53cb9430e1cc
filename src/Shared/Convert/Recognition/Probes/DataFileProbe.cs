using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Databases and the files of statistics packages.</summary>
internal static class DataFileProbe
{
    /// <summary>The first bytes of every SAS data set, 32- and 64-bit.</summary>
    static ReadOnlySpan<byte> Sas7 =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00, 0x09, 0xC7, 0x31, 0x8C, 0x18, 0x1F, 0x10, 0x11,
    ];

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            0 => Sas(head) ?? Access(head),
            'S' => Sqlite(sample, head),
            'H' => Transport(head),
            'R' => RData(head),
            'X' or 'A' or 'B' => RObject(head),
            '$' => head.StartsWith("$FL2"u8) || head.StartsWith("$FL3"u8) ? Spss(head) : null,
            '<' => head.StartsWith("<stata_dta><header><release>"u8) ? new Verdict("stata", 1, "starts with the header of a Stata data set", Text(head.Slice(28, Math.Min(3, head.Length - 28)))) : null,
            >= 0x69 and <= 0x73 => Stata(head),
            'M' => head.StartsWith("MATLAB 5.0 MAT-file"u8) ? new Verdict("mat", 1, "starts with the header of a MATLAB file", "5") : head.StartsWith("MATLAB 7.3 MAT-file"u8) ? new("mat", 1, "starts with the header of a MATLAB file", "7.3") : null,
            _ => null,
        }
        ?? (head.Length > 60 && Is(head, 40, "ASCII SPSS PORT FILE"u8) ? new Verdict("spss", 1, "has the mark of a portable SPSS file", "portable") : null)
        ?? (Is(head, 8, "DUCK"u8) && U32(head, 12) is > 0 and < 1000 ? new Verdict("duckdb", 0.95, "has the mark of a DuckDB database", null) : null)
        ?? Dbf(sample, head);
    }

    static Verdict? Sas(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith(Sas7) || head.Length < 288)
            return null;
        var is64 = head[32] == (byte)'3';
        var release = head.Slice(216 + (is64 ? 4 : 0), 8);
        var shift = head[35] == (byte)'3' ? 4 : 0;
        release = head.Slice(216 + shift, 8);
        var isCatalog = Is(head, 84, "SAS FILE"u8) && Is(head, 156, "CATALOG"u8);
        return new(isCatalog ? "sas7bcat" : "sas7bdat", 1, "starts with the mark of a SAS data set", Text(release).Trim('?', ' '));
    }

    static Verdict? Access(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith((ReadOnlySpan<byte>)[0, 1, 0, 0]))
            return null;
        return Is(head, 4, "Standard Jet DB\0"u8) ? new("mdb", 1, "starts with the mark of a Microsoft Access database", U8(head, 20) == 0 ? "Jet 3" : "Jet 4")
            : Is(head, 4, "Standard ACE DB\0"u8) ? new("accdb", 1, "starts with the mark of a Microsoft Access database", "ACE")
            : null;
    }

    /// <summary>Page size, format numbers and the fractions that never change (sqlite.org/fileformat2.html, "The Database Header").</summary>
    static Verdict? Sqlite(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("SQLite format 3\0"u8))
            return null;
        var page = U16Big(head, 16);
        var isRight = (page == 1 || (page >= 512 && int.IsPow2(page))) && U8(head, 18) is 1 or 2 && U8(head, 21) == 64 && U8(head, 22) == 32 && U8(head, 23) == 32;
        _ = sample;
        return new("sqlite", isRight ? 1 : 0.8, isRight ? "starts with the header of an SQLite database" : "starts with the mark of an SQLite database, but its header is damaged", "3");
    }

    static Verdict? Transport(ReadOnlySpan<byte> head) =>
        head.StartsWith("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"u8) ? new("xpt", 1, "starts with the library header of a SAS transport file", "5")
        : head.StartsWith("HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"u8) ? new("xpt", 1, "starts with the library header of a SAS transport file", "8")
        : null;

    static Verdict? RData(ReadOnlySpan<byte> head) =>
        head.Length > 7 && head.StartsWith("RD"u8) && head[2] is (byte)'X' or (byte)'A' or (byte)'B' && head[3] is (byte)'2' or (byte)'3' && head[4] == '\n'
            ? new("r-data", 1, "starts with the mark of an R workspace", Text(head[..4]))
            : null;

    /// <summary>A serialised object: the format's letter, then the version of the serialisation.</summary>
    static Verdict? RObject(ReadOnlySpan<byte> head) =>
        Is(head, 0, "X\n\0\0\0"u8) && U8(head, 5) is 2 or 3 && U32Big(head, 6) is >= 0x00020000 and < 0x00050000
            ? new("r-data", 1, "starts like a serialised R object", $"RDS {head[5]}")
            : Is(head, 0, "A\n2\n"u8) || Is(head, 0, "A\n3\n"u8) ? new("r-data", 0.7, "starts like a serialised R object in ASCII", "RDS") : null;

    static Verdict Spss(ReadOnlySpan<byte> head) =>
        Is(head, 4, "@(#) SPSS"u8) || Is(head, 4, "@(#)"u8)
            ? new("spss", 1, "starts with the mark of an SPSS system file", head[3] == '3' ? "zsav" : "sav")
            : new("spss", 0.8, "starts with the mark of an SPSS system file", "sav");

    /// <summary>Release, byte order, file type 1, a zero, and the name's length that fits (Stata's "dta" formats 105 to 115).</summary>
    static Verdict? Stata(ReadOnlySpan<byte> head)
    {
        if (head.Length < 109 || head[1] is not (1 or 2) || head[2] != 1 || head[3] != 0)
            return null;
        var variables = head[1] == 2 ? U16(head, 4) : U16Big(head, 4);
        return variables is > 0 and < 32768 ? new("stata", 0.95, "starts with the header of a Stata data set", $"{head[0]}") : null;
    }

    /// <summary>A date, the lengths of header and record, and descriptions of fields that add up to the record.</summary>
    static Verdict? Dbf(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head.Length < 65 || head[0] is not (0x02 or 0x03 or 0x04 or 0x05 or 0x30 or 0x31 or 0x32 or 0x43 or 0x63 or 0x83 or 0x87 or 0x8B or 0x8C or 0x8E or 0xCB or 0xF5 or 0xFB or 0xE5 or 0x7B))
            return null;
        var (header, record) = (U16(head, 8), U16(head, 10));
        if (head[2] > 12 || head[3] > 31 || header < 33 || record < 2)
            return null;
        var (sum, fields) = (1, 0);
        var first = (head[0] & 7) == 4 ? 68 : 32;
        var size = first == 68 ? 48 : 32;
        for (var at = first; at < header && at + size <= head.Length && head[at] != 0x0D; at += size, fields++)
        {
            var type = first == 68 ? head[at + 32] : head[at + 11];
            var length = first == 68 ? head[at + 33] : head[at + 16];
            if (!"CNDLMFIBGPTYVWOQX@+0"u8.Contains(type) || head[at] is < 0x20)
                return null;
            // Text longer than 255 characters has the high byte of its length where numbers have their decimals.
            sum += type == 'C' && first != 68 ? length + (head[at + 17] << 8) : length;
        }

        if (fields == 0)
            return null;
        var records = U32(head, 4);
        var fits = sum == record && (sample.Length < 0 || header + records * record <= sample.Length + 1);
        return new("dbf", fits ? 1 : 0.85, fits
            ? $"has the header of a dBASE table whose {fields} fields make up its records"
            : $"has the header of a dBASE table with {fields} fields, which do not make up its records or its size", DbfVersion(head[0]));
    }

    static string DbfVersion(byte first) => first switch
    {
        0x02 => "FoxBASE",
        0x30 or 0x31 or 0x32 => "Visual FoxPro",
        0xF5 or 0xFB => "FoxPro 2",
        0x04 or 0x8C => "dBASE 7",
        0x8B or 0x8E or 0xCB or 0x7B or 0x43 or 0x63 => "dBASE IV",
        0x87 or 0xE5 => "dBASE III",
        _ => "dBASE III",
    };
}
