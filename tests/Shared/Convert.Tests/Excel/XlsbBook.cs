using System.IO.Compression;
using System.Text;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>Writes small workbooks of binary parts.</summary>
internal static class XlsbBook
{
    public static byte[] Write(params BookSheet[] sheets)
    {
        var strings = new List<string>();
        using var book = new MemoryStream();
        using (var archive = new ZipArchive(book, ZipArchiveMode.Create, leaveOpen: true))
        {
            Text("_rels/.rels", """<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>""");
            Text("xl/_rels/workbook.bin.rels", $"<Relationships>{string.Concat(sheets.Select((_, i) => $"""<Relationship Id="rId{i + 1}" Type="x/worksheet" Target="worksheets/sheet{i + 1}.bin"/>"""))}</Relationships>");
            Part("xl/workbook.bin", part =>
            {
                part.Record(153, w => w.Write(0L));
                for (var i = 0; i < sheets.Length; i++)
                {
                    var (sheet, id) = (sheets[i], i + 1);
                    part.Record(156, w =>
                    {
                        w.Write(sheet.IsHidden ? 1 : 0);
                        w.Write(id);
                        Wide(w, $"rId{id}");
                        Wide(w, sheet.Name);
                    });
                }
            });
            for (var i = 0; i < sheets.Length; i++)
            {
                var sheet = sheets[i];
                Part($"xl/worksheets/sheet{i + 1}.bin", part => Sheet(part, sheet, strings));
            }

            Part("xl/styles.bin", Styles);
            Part("xl/sharedStrings.bin", part =>
            {
                foreach (var text in strings)
                {
                    part.Record(19, w =>
                    {
                        w.Write((byte)0);
                        Wide(w, text);
                    });
                }
            });

            void Text(string name, string text)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }

            void Part(string name, Action<Records> write)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                write(new(part));
            }
        }

        return book.ToArray();
    }

    static void Styles(Records part)
    {
        foreach (var shown in Enum.GetValues<Shown>().Where(s => BookSheet.Code(s) is not null))
        {
            part.Record(44, w =>
            {
                w.Write((ushort)(170 + (int)shown));
                Wide(w, BookSheet.Code(shown)!);
            });
        }

        part.Record(617, w => w.Write(8));
        foreach (var shown in Enum.GetValues<Shown>())
        {
            part.Record(47, w =>
            {
                w.Write((ushort)0);
                w.Write((ushort)(BookSheet.Code(shown) is null ? 0 : 170 + (int)shown));
                w.Write(new byte[12]);
            });
        }

        part.Record(618, _ => { });
    }

    static void Sheet(Records part, BookSheet sheet, List<string> strings)
    {
        part.Record(145, _ => { });
        for (var row = 0; row < sheet.Rows.Length; row++)
        {
            var number = row;
            part.Record(0, w =>
            {
                w.Write(number);
                w.Write(new byte[13]);
            });
            for (var column = 0; column < sheet.Rows[row].Length; column++)
            {
                if (sheet.Rows[row][column] is { } cell)
                    Cell(part, column, cell, strings);
            }
        }

        part.Record(146, _ => { });
        foreach (var merge in sheet.Merges ?? [])
        {
            part.Record(176, w =>
            {
                w.Write(merge.Top - 1);
                w.Write(merge.Bottom - 1);
                w.Write(merge.Left);
                w.Write(merge.Right);
            });
        }
    }

    static void Cell(Records part, int column, object cell, List<string> strings)
    {
        var type = cell switch { bool => 4, Fault => 3, Number { As: Shown.General, Value: var v } when v == (int)v && Math.Abs(v) < 1 << 28 => 2, Number => 5, _ => 7 };
        part.Record(type, w =>
        {
            w.Write(column);
            w.Write(BookSheet.Style(cell));
            switch (cell)
            {
                case bool flag:
                    w.Write(flag);
                    break;
                case Fault fault:
                    w.Write(fault.Code);
                    break;
                case Number number when type == 2:
                    w.Write(((int)number.Value << 2) | 2);
                    break;
                case Number number:
                    w.Write(number.Value);
                    break;
                default:
                    var text = cell is Literal literal ? literal.Value : (string)cell;
                    if (!strings.Contains(text))
                        strings.Add(text);
                    w.Write(strings.IndexOf(text));
                    break;
            }
        });
    }

    static void Wide(BinaryWriter writer, string text)
    {
        writer.Write(text.Length);
        writer.Write(Encoding.Unicode.GetBytes(text));
    }

    sealed class Records(Stream part)
    {
        public void Record(int type, Action<BinaryWriter> write)
        {
            using var record = new MemoryStream();
            using var writer = new BinaryWriter(record);
            write(writer);
            if (type < 0x80)
            {
                part.WriteByte((byte)type);
            }
            else
            {
                part.WriteByte((byte)(type & 0x7F | 0x80));
                part.WriteByte((byte)(type >> 7));
            }

            var length = (int)record.Length;
            for (; length >= 0x80; length >>= 7)
                part.WriteByte((byte)(length | 0x80));
            part.WriteByte((byte)length);
            part.Write(record.ToArray());
        }
    }
}
