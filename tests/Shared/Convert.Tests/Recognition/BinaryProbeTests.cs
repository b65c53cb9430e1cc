using System.Buffers.Binary;
using System.Text;
using DataIngestion.Conversion.Tests.Compression;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Recognition;

/// <summary>Binary formats by mark and structure, from the smallest contents that have both.</summary>
public sealed class BinaryProbeTests
{
    static FormatFinding Find(byte[] bytes, string? name = null) => new FormatRecognizer().Recognize(bytes, name);

    static byte[] Bytes(params object[] parts)
    {
        var all = new MemoryStream();
        foreach (var part in parts)
        {
            all.Write(part switch
            {
                string text => Encoding.Latin1.GetBytes(text),
                byte[] bytes => bytes,
                int number => BitConverter.GetBytes(number),
                short number => BitConverter.GetBytes(number),
                byte one => [one],
                _ => throw new InvalidOperationException($"{part} is no bytes."),
            });
        }

        return all.ToArray();
    }

    [Fact]
    public void Columnar_files_are_told_by_both_ends()
    {
        Assert.Equal(("parquet", 1.0), Of(Find(Bytes("PAR1", new byte[20], 8, "PAR1"))));
        Assert.InRange(Find(Bytes("PAR1", new byte[20], 800, "PAR1")).Confidence, 0.5, 0.95);
        Assert.Equal("text", Find("PAR1 is a mark, and this is a sentence about it."u8.ToArray()).Format);
        Assert.Equal(("avro", 1.0), Of(Find(Bytes("Obj\u0001", (byte)2, "\u0016avro.schema\u0008\"int", (byte)0, new byte[16]))));
        // A postscript of ORC: footer length 5, version 0.12, mark.
        Assert.Equal(("orc", "0.12"), Named(Find(Bytes(new byte[32], new byte[] { 0x08, 5, 0x22, 2, 0, 12, 0x82, 0xF4, 0x03, 3 }, "ORC", (byte)13))));
    }

    [Fact]
    public void Office_documents_are_formats_and_other_archives_are_archives()
    {
        Assert.Equal(("xlsx", "zip", null), Around(Find(Packing.Zip(("[Content_Types].xml", [1]), ("xl/workbook.xml", [1])))));
        Assert.Equal(("xlsb", "zip", null), Around(Find(Packing.Zip(("[Content_Types].xml", [1]), ("xl/workbook.bin", [1])))));
        Assert.Equal("docx", Find(Packing.Zip(("[Content_Types].xml", [1]), ("word/document.xml", [1]))).Format);
        Assert.Equal("pptx", Find(Packing.Zip(("[Content_Types].xml", [1]), ("ppt/presentation.xml", [1]))).Format);
        Assert.Equal("ods", Find(Packing.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"u8.ToArray()), ("content.xml", [1]))).Format);
        Assert.Equal("epub", Find(Packing.Zip(("mimetype", "application/epub+zip"u8.ToArray()), ("a.opf", [1]))).Format);
        Assert.Equal("jar", Find(Packing.Zip(("META-INF/MANIFEST.MF", [1]), ("A.class", [1]))).Format);
        Assert.Equal(("zip", "zip", null), Around(Find(Packing.Zip(("a.txt", [1]), ("b.txt", [1])))));
        // Cut off before its directory, the first headers still tell.
        var whole = Packing.Zip(("[Content_Types].xml", [1]), ("xl/workbook.xml", new byte[5000]));
        Assert.Equal("xlsx", Find(whole[..^60]).Format);
    }

    [Fact]
    public async Task A_zip_of_one_table_is_the_table_and_one_of_several_is_an_archive()
    {
        var one = await DetectAsync(Packing.Zip(("a.csv", "a,b\n1,2\n3,4\n"u8.ToArray())));
        Assert.Equal(("csv", null, "zip"), Around(one));
        var two = await DetectAsync(Packing.Zip(("a.csv", [1]), ("b.csv", [1])));
        Assert.Equal(("zip", "zip", null), Around(two));
        Assert.Contains("holds 2 files", two.Evidence[^1], StringComparison.Ordinal);
        Assert.Equal(("zip", "zip", null), Around(await DetectAsync("PK\u0003\u0004 and so on"u8.ToArray())));
    }

    [Fact]
    public void Compound_files_are_told_by_their_streams()
    {
        Assert.Equal(("xls", "cfb", null), Around(Find(Compound("Workbook"))));
        Assert.Equal("BIFF5", Find(Compound("Book")).Version);
        Assert.Equal("doc", Find(Compound("WordDocument")).Format);
        Assert.Equal("ppt", Find(Compound("PowerPoint Document")).Format);
        Assert.Equal("msg", Find(Compound("__properties_version1.0")).Format);
        var encrypted = Find(Compound("EncryptionInfo", "EncryptedPackage"), "a.xlsx");
        Assert.Equal(("xlsx", "encrypted"), Named(encrypted));
        Assert.True(encrypted.Confidence < 0.9);
        Assert.Equal("cfb", Find(Compound("Nothing known")).Format);
    }

    /// <summary>A compound file whose first sector is the directory and whose second is the table of sectors.</summary>
    static byte[] Compound(params string[] streams)
    {
        var file = new byte[512 * 3];
        byte[] mark = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        mark.CopyTo(file, 0);
        file[30] = 9;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(48), 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(76), 1);
        string[] names = ["Root Entry", .. streams];
        for (var i = 0; i < names.Length && i < 4; i++)
        {
            var entry = file.AsSpan(512 + (i * 128), 128);
            Encoding.Unicode.GetBytes(names[i], entry);
            BinaryPrimitives.WriteInt16LittleEndian(entry[64..], (short)((names[i].Length + 1) * 2));
            entry[66] = (byte)(i == 0 ? 5 : 2);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(1024), 0xFFFFFFFE);
        return file;
    }

    [Fact]
    public void Databases_and_statistics_are_told_by_their_headers()
    {
        Assert.Equal(("sqlite", 1.0), Of(Find(Bytes("SQLite format 3\0", new byte[] { 0x10, 0, 1, 1, 0, 64, 32, 32 }, new byte[76]))));
        Assert.Equal(("dbf", 1.0), Of(Find(Bytes(new byte[] { 3, 24, 1, 2 }, 1, (short)65, (short)11, new byte[20], "NAME\0\0\0\0\0\0\0C", 0, (byte)10, new byte[15], (byte)0x0D, " 0123456789"))));
        Assert.Equal("xpt", Find(Bytes("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  ")).Format);
        Assert.Equal(("stata", "118"), Named(Find(Bytes("<stata_dta><header><release>118</release>"))));
        Assert.Equal("spss", Find(Bytes("$FL2@(#) SPSS DATA FILE", new byte[40])).Format);
        Assert.Equal("r-data", Find(Bytes("X\n", new byte[] { 0, 0, 0, 3, 0, 4, 1, 0, 0, 3, 5, 0 })).Format);
        Assert.Equal(("mdb", "Jet 4"), Named(Find(Bytes("\0\u0001\0\0Standard Jet DB\0", (byte)1, new byte[40]))));
    }

    [Fact]
    public void Values_without_a_mark_are_walked()
    {
        Assert.Equal("messagepack", Find(Bytes(new byte[] { 0x82 }, "\u00A6symbol\u00A4AAPL\u00A5price", new byte[] { 0xCB, 0x40, 0x68, 0, 0, 0, 0, 0, 0 })).Format);
        Assert.Equal("cbor", Find(Bytes(new byte[] { 0xA2 }, "fsymboldAAPLeprice", new byte[] { 0xFB, 0x40, 0x68, 0, 0, 0, 0, 0, 0 })).Format);
        Assert.Equal("bson", Find(Bytes(32, "\u0002symbol\0", 5, "AAPL\0", "\u0010size\0", 100, (byte)0)).Format);
        Assert.Equal(("cbor", 1.0), Of(Find([0xD9, 0xD9, 0xF7, 0xA1, 0x61, 0x61, 0x01])));
        Assert.Equal("unknown", Find([.. Enumerable.Range(0, 512).Select(i => (byte)(i * 37))]).Format);
    }

    [Theory]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001", "png"), InlineData("GIF89a\u0001\0\u0001\0\0\0\0", "gif"), InlineData("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", "pdf"), InlineData("{\\rtf1\\ansi hello}", "rtf")]
    [InlineData("\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0", "elf"), InlineData("7z\u00bc\u00af\u0027\u001c\0\u0004", "7z"), InlineData("Rar!\u001a\u0007\u0001\0", "rar"), InlineData("LZIP\u0001\u000c\0", "lzip"), InlineData("\0asm\u0001\0\0\0", "wasm")]
    [InlineData("\u00ca\u00fe\u00ba\u00be\0\0\0\u0034", "java-class"), InlineData("\0\0\u0002\0\u0006\u0004\u0006\0\u0008\0\0\0\0\0\u0023\0\u00e6\0\u0096\0\0\0", "wk1"), InlineData("\u0009\u0004\u0006\0\0\u0004\u0010\0\0\0\u0042\0\u0002\0\u00e4\u0004\u000a\0\0\0", "xls"), InlineData("qoif\0\0\0\u0001\0\0\0\u0001\u0003\0", "qoi")]
    [InlineData("fLaC\0\0\0\u0022", "flac"), InlineData("RIFF\u0024\0\0\0WAVEfmt ", "wav"), InlineData("OggS\0\u0002", "ogg"), InlineData("%!PS-Adobe-3.0\n", "ps"), InlineData("SNBP000B", "snb"), InlineData("\u0093NUMPY\u0001\0", "npy")]
    public void Other_binaries_are_told_by_their_marks(string bytes, string format) => Assert.Equal(format, Find(Encoding.Latin1.GetBytes(bytes)).Format);

    [Fact]
    public void What_is_compressed_is_told_with_its_content_and_without_end()
    {
        var table = "a,b\n1,2\n3,4\n"u8.ToArray();
        Assert.Equal(("csv", null, "gzip"), Around(Find(Packing.Pack(table, "gzip"))));
        Assert.Equal(("gzip", null, "gzip"), Around(Find(Packing.Pack([0x80, 0x81, 0, 1, 2, 3, 0xFF], "gzip"))));
        var deep = table;
        for (var i = 0; i < 20; i++)
            deep = Packing.Pack(deep, "gzip");
        Assert.NotEqual("csv", Find(deep).Format);
    }

    [Fact]
    public void Changed_bytes_never_throw()
    {
        byte[][] seeds =
        [
            Packing.Zip(("[Content_Types].xml", [1]), ("xl/workbook.xml", [1])), Compound("Workbook"), Bytes(32, "\u0002symbol\0", 5, "AAPL\0", "\u0010size\0", 100, (byte)0), Bytes(new byte[32], new byte[] { 0x08, 5, 0x22, 2, 0, 12, 0x82, 0xF4, 0x03, 3 }, "ORC", (byte)13),
            Bytes("PAR1", new byte[20], 8, "PAR1"), Bytes(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, 40, 16, new byte[60]), Bytes(new byte[] { 3, 24, 1, 2 }, 1, (short)65, (short)11, new byte[20], "NAME\0\0\0\0\0\0\0C", 0, (byte)10, new byte[15], (byte)0x0D), Bytes("II*\0", 8, (short)1, new byte[12]), Bytes("MZ", new byte[58], 64, "PE\0\0", new byte[40]),
        ];
        var random = new Random(17);
        for (var i = 0; i < 6000; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            for (var changes = random.Next(0, 8); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.NotNull(Find(bytes[..random.Next(bytes.Length + 1)]));
        }
    }

    [Fact]
    public async Task Third_party_files_with_hidden_names_are_never_wrong_and_sure()
    {
        var folder = SharedData.Require("formats");
        Dictionary<string, string[]> accepted = new(StringComparer.Ordinal)
        {
            ["bzip"] = ["bzip2"],
            ["htm"] = ["html"],
            ["jpg"] = ["jpeg"],
            ["lz"] = ["lzip"],
            ["lzh"] = ["lha"],
            ["sevenzip"] = ["7z"],
            ["tif"] = ["tiff"],
            ["txt"] = ["text"],
            ["sta"] = ["statistica"],
            ["nmind"] = ["gzip"],
            ["doc"] = ["doc", "wpd"],
            ["xml"] = ["xml", "thmx"],
            ["xls"] = ["xls", "xlsx"],
        };
        var (claimed, right) = (0, 0);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var label = Path.GetFileName(Path.GetDirectoryName(file))!;
            if (Path.GetFileName(file) is "manifest.tsv" || (Path.GetFileName(file) == "README.md"))
                continue;
            var found = await InputRecognition.DetectAsync(_ => new(File.OpenRead(file)), new(), TestContext.Current.CancellationToken);
            var isRight = accepted.GetValueOrDefault(label, [label]).Any(n => n == found.Format || n == found.Container || n == found.Compression?.Split('+')[0]);
            claimed += found.Format == "unknown" ? 0 : 1;
            right += isRight ? 1 : 0;
            Assert.True(isRight || found.Format == "unknown" || found.Confidence <= 0.9, $"{file}: {found.Format} ({found.Confidence})");
        }

        Assert.True(right >= claimed * 0.99, $"{right} of {claimed} that are claimed are right");
    }

    static async Task<FormatFinding> DetectAsync(byte[] bytes) => await InputRecognition.DetectAsync(_ => new(new MemoryStream(bytes)), new(), TestContext.Current.CancellationToken);

    static (string Format, double Confidence) Of(FormatFinding finding) => (finding.Format, finding.Confidence);

    static (string Format, string? Version) Named(FormatFinding finding) => (finding.Format, finding.Version);

    static (string Format, string? Container, string? Compression) Around(FormatFinding finding) => (finding.Format, finding.Container, finding.Compression);
}
