using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DataIngestion.Conversion.Archives;

namespace DataIngestion.Conversion.Tests.Archives;

public sealed class ArchiveTests
{
    static readonly byte[] Csv = "symbol,close\nA,1.5\nB,2.5\n"u8.ToArray();

    [Theory]
    [InlineData(TarEntryFormat.V7), InlineData(TarEntryFormat.Ustar), InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public async Task The_only_file_of_a_tar_archive_is_read(TarEntryFormat format)
    {
        var read = await Conversions.RunAsync(Tar(format, ("folder/a.csv", Csv)));

        Assert.Equal((2, "tar", "folder/a.csv"), (read.Rows.Count, read.Result.Format.Container, read.Result.Format.Entry));
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public async Task Long_names_are_whole(TarEntryFormat format)
    {
        var name = string.Concat(Enumerable.Repeat("folder-with-a-name/", 12)) + "prices-ü.csv";

        Assert.Equal(name, (await Conversions.RunAsync(Tar(format, (name, Csv)))).Result.Format.Entry);
    }

    [Fact]
    public async Task A_compressed_archive_is_read_through_its_layers() =>
        Assert.Equal(2, (await Conversions.RunAsync(Gzip(Tar(TarEntryFormat.Pax, ("a.csv.gz", Gzip(Csv)))))).Rows.Count);

    [Fact]
    public async Task Archives_in_archives_are_read_by_their_path()
    {
        var inner = Zip(("x/a.csv", Csv), ("b.csv", "n\n7\n"u8.ToArray()));
        foreach (var outer in (byte[][])[Zip(("inner.zip", inner), ("c.csv", Csv)), Tar(TarEntryFormat.Ustar, ("inner.zip", inner), ("c.csv", Csv))])
        {
            var read = await Conversions.RunAsync(outer, new() { Entry = "inner.zip!/x/a.csv" });
            Assert.Equal((2, "inner.zip!/x/a.csv", "zip"), (read.Rows.Count, read.Result.Format.Entry, read.Result.Format.Container));
        }

        using var parts = InputParts.Find(() => new MemoryStream(Tar(TarEntryFormat.Ustar, ("inner.zip", inner), ("in.tar.gz", Gzip(Tar(TarEntryFormat.Gnu, ("d.csv", Csv)))))), null, new());
        Assert.Equal(["inner.zip!/x/a.csv", "inner.zip!/b.csv", "in.tar.gz!/d.csv"], parts.Parts.Select(p => p.Member));
    }

    [Fact]
    public async Task An_archive_of_one_archive_of_one_file_needs_no_name() =>
        Assert.Equal("in.tar!/a.csv", (await Conversions.RunAsync(Zip(("in.tar", Tar(TarEntryFormat.Pax, ("a.csv", Csv)))))).Result.Format.Entry);

    [Fact]
    public async Task Several_files_of_which_none_is_named_are_listed() =>
        Assert.Equal("The archive holds 2 files: a.csv, b.csv. Say which one to read.", await FaultAsync(Tar(TarEntryFormat.Pax, ("a.csv", Csv), ("b.csv", Csv))));

    [Fact]
    public async Task A_name_that_is_not_there_is_said() =>
        Assert.Equal("The archive has no member 'c.csv': it holds a.csv, b.csv.", await FaultAsync(Tar(TarEntryFormat.Pax, ("a.csv", Csv), ("b.csv", Csv)), new() { Entry = "c.csv" }));

    [Fact]
    public async Task A_pattern_names_the_one_member_that_fits()
    {
        var day = Zip(("Asset_Data.20240105", Csv), ("Rates.20240105", "n\n7\n"u8.ToArray()));

        Assert.Equal("Rates.20240105", (await Conversions.RunAsync(day, new() { Entry = "Rates.*", Hint = new() { Format = "csv" } })).Result.Format.Entry);
        Assert.Equal("'*.2024????' fits 2 members of the archive: Asset_Data.20240105, Rates.20240105. Say which one to read.", await FaultAsync(day, new() { Entry = "*.2024????" }));
        Assert.Equal("The archive has no member like 'Factors.*': it holds Asset_Data.20240105, Rates.20240105.", await FaultAsync(day, new() { Entry = "Factors.*" }));
    }

    [Fact]
    public async Task What_is_no_file_is_passed_over_and_told()
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "d/"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "l") { LinkName = "/etc/passwd" });
            Add(tar, TarEntryFormat.Pax, "d/.DS_Store", [1]);
            Add(tar, TarEntryFormat.Pax, "d/a.csv", "old\n1\n"u8.ToArray());
            Add(tar, TarEntryFormat.Pax, "d/a.csv", Csv);
        }

        var read = await Conversions.RunAsync(content.ToArray());

        Assert.Equal((2, "symbol"), (read.Rows.Count, read.Schema[0].Name));
        Assert.Contains("The tar archive holds links, which are passed over: 1.", read.Result.Notes);
        Assert.Contains("1 file that an operating system left in the archive is passed over.", read.Result.Notes);
        Assert.Contains("1 files of the tar archive are older ones of a name that comes again, and are passed over.", read.Result.Notes);
    }

    [Fact]
    public async Task Damage_is_said_in_words()
    {
        var good = Tar(TarEntryFormat.Ustar, ("a.csv", Csv));
        Assert.Equal("The tar archive cannot be read: its end mark is missing: it is cut off.", await FaultAsync(good[..1024]));
        Assert.Equal("The tar archive cannot be read: 'a.csv' has 25 bytes, of which 8 are there.", await FaultAsync(good[..520]));
        Assert.Equal($"The tar archive cannot be read: something follows its end mark, at byte {good.Length}.", await FaultAsync([.. good, 1]));
        Assert.Equal("The tar archive cannot be read: the header at byte 1024 is damaged.", await FaultAsync([.. good[..1024], .. Enumerable.Repeat((byte)7, 1024)]));
        Assert.Equal("The tar archive 'in.tar' inside cannot be read: its end mark is missing: it is cut off.", await FaultAsync(Zip(("in.tar", good[..1024]))));
        var claims = (byte[])good.Clone();
        "77777777777 "u8.CopyTo(claims.AsSpan(124));
        Seal(claims);
        Assert.Contains($"'a.csv' has {(1L << 33) - 1} bytes, of which", await FaultAsync(claims), StringComparison.Ordinal);
        var sparse = (byte[])good.Clone();
        sparse[156] = (byte)'S';
        Seal(sparse);
        Assert.Equal("The tar archive cannot be read: 'a.csv' is a sparse file, which is not supported: pack it without --sparse.", await FaultAsync(sparse));
    }

    [Fact]
    public async Task Members_layers_and_growth_are_bounded()
    {
        var many = Tar(TarEntryFormat.Ustar, [.. Enumerable.Range(0, 20).Select(i => ($"{i}.csv", Csv))]);
        Assert.Contains("more than 10 entries", await FaultAsync(many, new() { Limits = new() { MaxEntries = 10 } }), StringComparison.Ordinal);
        Assert.Contains("'b.tar' inside cannot be read: it has more than 30 entries", await FaultAsync(Tar(TarEntryFormat.Ustar, ("a.tar", many), ("b.tar", many)), new() { Limits = new() { MaxEntries = 30 } }), StringComparison.Ordinal);

        var deep = Csv;
        for (var i = 0; i < 5; i++)
            deep = Tar(TarEntryFormat.Ustar, ("in", deep));
        Assert.StartsWith("Archives and compressions lie 4 deep in 'in!/in!/in': at most 3 are opened", await FaultAsync(deep), StringComparison.Ordinal);

        var bomb = Gzip(Tar(TarEntryFormat.Ustar, ("a.csv", new byte[100 << 20])));
        Assert.Contains("'decompressionRatio'", await FaultAsync(bomb, new() { Limits = new() { MaxDecompressionRatio = 50 } }), StringComparison.Ordinal);
        Assert.Contains("'decompressedBytes'", await FaultAsync(bomb, new() { Limits = new() { MaxDecompressedBytes = 1 << 20 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_is_an_archive_is_one_part()
    {
        var workbook = Zip(("[Content_Types].xml", "<Types/>"u8.ToArray()), ("xl/workbook.xml", "<workbook/>"u8.ToArray()));
        using var alone = InputParts.Find(() => new MemoryStream(workbook), "book.xlsx", new());
        using var inside = InputParts.Find(() => new MemoryStream(Zip(("a/book.xlsx", workbook), ("b.csv", Csv))), "x.zip", new());

        Assert.Null(Assert.Single(alone.Parts).Member);
        Assert.Equal(["a/book.xlsx", "b.csv"], inside.Parts.Select(p => p.Member));
    }

    [Fact]
    public async Task Damaged_archives_end_in_words_or_rows()
    {
        var seeds = (byte[][])[Tar(TarEntryFormat.Pax, ("a.csv", Csv), ("b.csv", Csv)), Tar(TarEntryFormat.Gnu, (new string('n', 120), Csv)), Zip(("a.tar", Tar(TarEntryFormat.Ustar, ("a.csv", Csv))))];
        var random = new Random(20261127);
        for (var i = 0; i < 1_500; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else if (TarHeader.IsStart(seeds[i % seeds.Length]) && random.Next(2) == 0)
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

    static async Task<string> FaultAsync(byte[] content, ConversionRequest? request = null) =>
        (await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(content, request))).Message;

    /// <summary>Makes the checksum of the first header right again.</summary>
    static void Seal(byte[] tar)
    {
        var header = tar.AsSpan(0, 512);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
            sum += value;
        Encoding.ASCII.GetBytes(System.Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] files)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, format, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
                Add(tar, format, name, bytes);
        }

        return content.ToArray();
    }

    static void Add(TarWriter tar, TarEntryFormat format, string name, byte[] bytes)
    {
        System.Formats.Tar.TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
            TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        };
        entry.DataStream = new MemoryStream(bytes);
        tar.WriteEntry(entry);
    }

    static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return content.ToArray();
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
