using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>Writes small workbooks of BIFF8 records, bare or in a compound file.</summary>
internal static class XlsBook
{
    const int Sector = 512;

    /// <param name="longestRecord">Where the table of strings goes on in another record.</param>
    public static byte[] Records(int longestRecord, params BookSheet[] sheets)
    {
        var strings = sheets.SelectMany(s => s.Rows).SelectMany(r => r).Select(c => c as string ?? (c as Literal)?.Value).OfType<string>().Distinct().ToList();
        var places = new int[sheets.Length];
        byte[] book = [];
        // Twice: places are known after the first time.
        for (var pass = 0; pass < 2; pass++)
        {
            using var output = new MemoryStream();
            Globals(output, sheets, places, strings, longestRecord);
            for (var i = 0; i < sheets.Length; i++)
            {
                places[i] = (int)output.Position;
                Sheet(output, sheets[i], strings);
            }

            book = output.ToArray();
        }

        return book;
    }

    public static byte[] Write(params BookSheet[] sheets) => Compound(("Workbook", Records(8224, sheets)));

    static void Globals(MemoryStream output, BookSheet[] sheets, int[] places, List<string> strings, int longestRecord)
    {
        Record(output, 0x809, w =>
        {
            w.Write((ushort)0x600);
            w.Write((ushort)5);
            w.Write(new byte[12]);
        });
        Record(output, 0x42, w => w.Write((ushort)1200));
        foreach (var shown in Enum.GetValues<Shown>().Where(s => BookSheet.Code(s) is not null))
        {
            Record(output, 0x41E, w =>
            {
                w.Write((ushort)(170 + (int)shown));
                Text(w, BookSheet.Code(shown)!, isShort: false);
            });
        }

        foreach (var shown in Enum.GetValues<Shown>())
        {
            Record(output, 0xE0, w =>
            {
                w.Write((ushort)0);
                w.Write((ushort)(BookSheet.Code(shown) is null ? 0 : 170 + (int)shown));
                w.Write(new byte[16]);
            });
        }

        for (var i = 0; i < sheets.Length; i++)
        {
            var (sheet, place) = (sheets[i], places[i]);
            Record(output, 0x85, w =>
            {
                w.Write(place);
                w.Write((byte)(sheet.IsHidden ? 1 : 0));
                w.Write((byte)0);
                Text(w, sheet.Name, isShort: true);
            });
        }

        Strings(output, strings, longestRecord);
        Record(output, 0x0A, _ => { });
    }

    /// <summary>The table of strings; one that a record has no room for goes on in the next, behind a byte that says how.</summary>
    static void Strings(MemoryStream output, List<string> strings, int longestRecord)
    {
        var (type, record) = (0xFC, new MemoryStream());
        record.Write([0, 0, 0, 0, (byte)strings.Count, (byte)(strings.Count >> 8), 0, 0]);
        foreach (var text in strings)
        {
            if (record.Length + 3 > longestRecord)
                Flush();
            record.Write([(byte)text.Length, (byte)(text.Length >> 8), 1]);
            foreach (var c in text)
            {
                if (record.Length + 2 > longestRecord)
                {
                    Flush();
                    record.WriteByte(1);
                }

                record.Write([(byte)c, (byte)(c >> 8)]);
            }
        }

        Flush();

        void Flush()
        {
            Record(output, type, w => w.Write(record.ToArray()));
            (type, record) = (0x3C, new());
        }
    }

    static void Sheet(MemoryStream output, BookSheet sheet, List<string> strings)
    {
        Record(output, 0x809, w =>
        {
            w.Write((ushort)0x600);
            w.Write((ushort)0x10);
            w.Write(new byte[12]);
        });
        for (var row = 0; row < sheet.Rows.Length; row++)
        {
            for (var column = 0; column < sheet.Rows[row].Length; column++)
            {
                if (sheet.Rows[row][column] is { } cell)
                    Cell(output, row, column, cell, strings);
            }
        }

        if (sheet.Merges is { } merges)
        {
            Record(output, 0xE5, w =>
            {
                w.Write((ushort)merges.Length);
                foreach (var m in merges)
                {
                    w.Write((ushort)(m.Top - 1));
                    w.Write((ushort)(m.Bottom - 1));
                    w.Write((ushort)m.Left);
                    w.Write((ushort)m.Right);
                }
            });
        }

        Record(output, 0x0A, _ => { });
    }

    static void Cell(MemoryStream output, int row, int column, object cell, List<string> strings)
    {
        var type = cell switch { bool or Fault => 0x205, Number { As: Shown.General, Value: var v } when v == (int)v && Math.Abs(v) < 1 << 28 => 0x27E, Number => 0x203, _ => 0xFD };
        Record(output, type, w =>
        {
            w.Write((ushort)row);
            w.Write((ushort)column);
            w.Write((ushort)BookSheet.Style(cell));
            switch (cell)
            {
                case bool flag:
                    w.Write([(byte)(flag ? 1 : 0), 0]);
                    break;
                case Fault fault:
                    w.Write([fault.Code, 1]);
                    break;
                case Number number when type == 0x27E:
                    w.Write(((int)number.Value << 2) | 2);
                    break;
                case Number number:
                    w.Write(number.Value);
                    break;
                default:
                    w.Write(strings.IndexOf(cell as string ?? ((Literal)cell).Value));
                    break;
            }
        });
    }

    static void Text(BinaryWriter writer, string text, bool isShort)
    {
        if (isShort)
            writer.Write((byte)text.Length);
        else
            writer.Write((ushort)text.Length);
        writer.Write((byte)1);
        writer.Write(Encoding.Unicode.GetBytes(text));
    }

    static void Record(MemoryStream output, int type, Action<BinaryWriter> write)
    {
        using var record = new MemoryStream();
        using var writer = new BinaryWriter(record);
        write(writer);
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)record.Length);
        output.Write(head);
        output.Write(record.ToArray());
    }

    /// <summary>A compound file of streams, each long enough not to lie among the short ones.</summary>
    public static byte[] Compound(params (string Name, byte[] Content)[] streams)
    {
        var padded = streams.Select(s => s.Content.Concat(new byte[Math.Max(4096 - s.Content.Length, (Sector - s.Content.Length % Sector) % Sector)]).ToArray()).ToList();
        var sectors = padded.Select(p => (p.Length + Sector - 1) / Sector).ToList();
        var tables = (sectors.Sum() + 2 + 127) / 128 + 1;
        var table = new uint[tables * 128];
        Array.Fill(table, uint.MaxValue);
        Array.Fill(table, 0xFFFF_FFFD, 0, tables);
        table[tables] = 0xFFFF_FFFE;
        using var output = new MemoryStream();
        using var writer = new BinaryWriter(output);
        writer.Write([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        writer.Write(new byte[16]);
        foreach (var number in new ushort[] { 0x3E, 3, 0xFFFE, 9, 6 })
            writer.Write(number);
        writer.Write(new byte[10]);
        foreach (var number in new uint[] { (uint)tables, (uint)tables, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0 })
            writer.Write(number);
        for (var i = 0; i < 109; i++)
            writer.Write(i < tables ? (uint)i : uint.MaxValue);
        var at = (uint)tables + 1;
        var starts = new List<uint>();
        foreach (var count in sectors)
        {
            starts.Add(at);
            for (var i = 0; i < count; i++, at++)
                table[at] = i == count - 1 ? 0xFFFF_FFFE : at + 1;
        }

        foreach (var next in table)
            writer.Write(next);
        Entry(writer, "Root Entry", 5, uint.MaxValue, 1, 0xFFFF_FFFE, 0);
        for (var i = 0; i < 3; i++)
        {
            if (i < streams.Length)
                Entry(writer, streams[i].Name, 2, i + 1 < streams.Length ? (uint)i + 2 : uint.MaxValue, uint.MaxValue, starts[i], padded[i].Length);
            else
                writer.Write(new byte[128]);
        }

        foreach (var content in padded)
            writer.Write(content);
        return output.ToArray();
    }

    static void Entry(BinaryWriter writer, string name, byte type, uint right, uint child, uint start, long size)
    {
        var text = new byte[64];
        Encoding.Unicode.GetBytes(name, text);
        writer.Write(text);
        writer.Write((ushort)(name.Length * 2 + 2));
        writer.Write([type, 1]);
        foreach (var number in new[] { uint.MaxValue, right, child })
            writer.Write(number);
        writer.Write(new byte[36]);
        writer.Write(start);
        writer.Write(size);
    }
}
