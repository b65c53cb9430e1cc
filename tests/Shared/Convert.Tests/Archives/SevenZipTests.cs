using System.Buffers.Binary;
using System.IO.Hashing;
using DataIngestion.TestKit;
using SharpCompress.Common;
using SharpCompress.Writers.SevenZip;

namespace DataIngestion.Conversion.Tests.Archives;

public sealed class SevenZipTests
{
    static readonly byte[] Csv = System.Text.Encoding.UTF8.GetBytes("symbol,close\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"S{i % 97},{i}.25\n")));

    [Theory]
    [InlineData(CompressionType.LZMA, true), InlineData(CompressionType.LZMA, false), InlineData(CompressionType.LZMA2, true)]
    public async Task Members_are_read(CompressionType compression, bool packsHeader)
    {
        var archive = Pack(compression, packsHeader, ("a/a.csv", Csv), ("b.csv", "n\n1\n2\n"u8.ToArray()), ("empty.csv", []));

        var first = await Conversions.RunAsync(archive, new() { Entry = "a/a.csv" });
        var second = await Conversions.RunAsync(archive, new() { Entry = "b.csv" });

        Assert.Equal((20_000, "7z"), (first.Rows.Count, first.Result.Format.Container));
        Assert.Equal(2, second.Rows.Count);
        using var parts = InputParts.Find(() => new MemoryStream(archive), null, new());
        Assert.Equal(["a/a.csv", "b.csv", "empty.csv"], parts.Parts.Select(p => p.Member).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stored_and_filtered_content_is_read()
    {
        // One coder: the delta filter over four bytes, as Methods.txt has it.
        var filtered = new byte[Csv.Length];
        for (var i = 0; i < Csv.Length; i++)
            filtered[i] = (byte)(Csv[i] - (i >= 4 ? Csv[i - 4] : 0));

        Assert.Equal(20_000, (await Conversions.RunAsync(ByHand(Csv, [0x01, 0x00], Csv))).Rows.Count);
        Assert.Equal(20_000, (await Conversions.RunAsync(ByHand(filtered, [0x21, 0x03, 0x01, 0x03], Csv))).Rows.Count);
    }

    [Theory]
    [InlineData(new byte[] { 0x24, 0x06, 0xF1, 0x07, 0x01, 0x00 }, "it is encrypted: decrypt it first.")]
    [InlineData(new byte[] { 0x04, 0x03, 0x03, 0x05, 0x01 }, "it is packed by the method ARM, which is not supported: pack it anew with LZMA2.")]
    [InlineData(new byte[] { 0x23, 0x03, 0x04, 0x01, 0x05, 6, 0, 0, 0, 0xFF }, "its PPMd data needs 4080 MiB and order 6: at most 128 MiB and order 64 are supported.")]
    public async Task What_is_not_read_is_said(byte[] coder, string expected)
    {
        var fault = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(ByHand(Csv, coder, Csv)));

        Assert.Equal("The 7z archive cannot be read: " + expected, fault.Message);
    }

    [Fact]
    public async Task Damaged_archives_end_in_words_or_rows()
    {
        var small = "n,x\n1,2\n3,4\n"u8.ToArray();
        var seeds = (byte[][])[Pack(CompressionType.LZMA2, false, ("a.csv", small)), Pack(CompressionType.LZMA, true, ("a.csv", small), ("b.csv", small)), ByHand(small, [0x01, 0x00], small)];
        var random = new Random(20261127);
        for (var i = 0; i < 1_500; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(32, bytes.Length)] = (byte)random.Next(256);
            if (random.Next(8) != 0)
                Seal(bytes);
            try
            {
                await Conversions.RunAsync(bytes);
            }
            catch (ConversionException)
            {
                // A sentence.
            }
        }
    }

    [Fact]
    public async Task Zip_archives_of_others_are_read_or_refused_with_a_sentence()
    {
        var folder = SharedData.Require("formats/magika/zip");
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            try
            {
                using var parts = InputParts.Find(() => File.OpenRead(path), null, new());
                foreach (var part in parts.Parts.Where(p => p.Member is not null))
                {
                    using var content = part.Open();
                    await content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
                }

                Assert.DoesNotContain(Path.GetFileName(path), (string[])["mitra_implode.zip", "mitra_reduced1.zip", "mitra_wavpack.zip", "mitra_zipcrypto.zip"]);
            }
            catch (ConversionException refused)
            {
                Assert.Matches("is encrypted|which is not supported|cannot be read|is damaged", refused.Message);
                Assert.DoesNotContain(Path.GetFileName(path), (string[])["mitra_lzma.zip", "mitra_PPMd.zip", "mitra_zip.zip", "mitra_zip64.zip", "mitra_unicode.zip"]);
            }
        }
    }

    [Fact]
    public void The_archive_of_7_Zip_is_read()
    {
        using var parts = InputParts.Find(() => File.OpenRead(Path.Combine(SharedData.Require("formats/magika/sevenzip"), "mitra_7-zip.7z")), null, new());
        using var text = new StreamReader(Assert.Single(parts.Parts).Open());

        Assert.StartsWith("7-Zip", text.ReadToEnd(), StringComparison.Ordinal);
    }

    static byte[] Pack(CompressionType compression, bool packsHeader, params (string Name, byte[] Content)[] files)
    {
        using var archive = new MemoryStream();
        using (var writer = new SevenZipWriter(archive, new SevenZipWriterOptions(compression) { LeaveStreamOpen = true, CompressHeader = packsHeader }))
        {
            foreach (var (name, content) in files)
                writer.Write(name, new MemoryStream(content), null);
        }

        return archive.ToArray();
    }

    /// <summary>An archive of one file in one folder with one coder.</summary>
    static byte[] ByHand(byte[] packed, byte[] coder, byte[] content)
    {
        var header = new List<byte>([0x01, 0x04, 0x06, 0x00, 0x01, 0x09]);
        header.AddRange(Number(packed.Length));
        header.AddRange([0x00, 0x07, 0x0B, 0x01, 0x00, 0x01, .. coder, 0x0C]);
        header.AddRange(Number(content.Length));
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32.HashToUInt32(content));
        header.AddRange([0x0A, 0x01, .. crc, 0x00, 0x00, 0x05, 0x01, 0x11, 0x0D, 0x00, (byte)'a', 0, (byte)'.', 0, (byte)'c', 0, (byte)'s', 0, (byte)'v', 0, 0, 0, 0x00, 0x00]);
        var archive = new byte[32 + packed.Length + header.Count];
        ((byte[])[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]).CopyTo(archive, 0);
        packed.CopyTo(archive, 32);
        header.CopyTo(archive, 32 + packed.Length);
        BinaryPrimitives.WriteInt64LittleEndian(archive.AsSpan(12), packed.Length);
        BinaryPrimitives.WriteInt64LittleEndian(archive.AsSpan(20), header.Count);
        Seal(archive);
        return archive;
    }

    static byte[] Number(int value)
    {
        var number = new byte[5];
        number[0] = 0xF0;
        BinaryPrimitives.WriteInt32LittleEndian(number.AsSpan(1), value);
        return number;
    }

    /// <summary>Makes the checksums of the header and the start right again.</summary>
    static void Seal(byte[] archive)
    {
        var (at, size) = (BinaryPrimitives.ReadInt64LittleEndian(archive.AsSpan(12)), BinaryPrimitives.ReadInt64LittleEndian(archive.AsSpan(20)));
        if (at >= 0 && size >= 0 && 32 + at + size <= archive.Length)
            BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(28), Crc32.HashToUInt32(archive.AsSpan((int)(32 + at), (int)size)));
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(8), Crc32.HashToUInt32(archive.AsSpan(12, 20)));
    }
}
