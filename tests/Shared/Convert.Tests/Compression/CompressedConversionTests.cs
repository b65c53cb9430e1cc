using System.Text;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Tests.Compression;

public sealed class CompressedConversionTests
{
    public static TheoryData<string> All => [.. Packing.Own];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Compressed_input_gives_the_same_bytes(string compression)
    {
        var plain = TestFiles.Trades(3_000, seed: 3);
        var converted = await Conversions.RunAsync(Packing.Pack(plain, compression), null, 1000);

        Assert.Equal((Packing.NameOf(compression), "csv"), (converted.Result.Format.Compression, converted.Result.Format.Format));
        Assert.Equal((await Conversions.RunAsync(plain)).Bytes, converted.Bytes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Damage_is_one_error_that_says_how_much_was_good(string compression)
    {
        var packed = Packing.Pack(TestFiles.Trades(60_000, seed: 3), compression);
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(packed[..(packed.Length * 3 / 4)]));
        Assert.Matches($@"^The {Packing.NameOf(compression)} compression is damaged: it is cut off in .*\. The \d{{6,}} decompressed bytes before that can be read\.$", wrong.Message);
    }

    [Fact]
    public async Task A_wrong_checksum_is_not_data()
    {
        var packed = Packing.Pack(TestFiles.Trades(1_000, seed: 3), "gzip");
        packed[^6] ^= 1;
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(packed));
        Assert.Contains("the checksum and length at a member's end are not those of its content", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip"), InlineData("zstd"), InlineData("xz"), InlineData("snappy")]
    public async Task A_bomb_is_stopped_by_its_size(string compression)
    {
        var bomb = Packing.Pack(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 300_000))), compression);
        var bySize = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(bomb, new() { Limits = new() { MaxDecompressedBytes = 1_000_000 } }));
        Assert.Contains("larger than 1000000 bytes when decompressed", bySize.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_stopped_by_its_ratio()
    {
        using var stored = new CountingStream(new MemoryStream(Packing.Pack(new byte[70 << 20], "zstd")), null);
        using var content = new LayerStream("zstd", () => Compressions.Open("zstd", new(stored)), stored, new());
        var wrong = Assert.Throws<ConversionException>(() => content.CopyTo(Stream.Null));
        Assert.Contains("grows more than 200 times when decompressed", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_are_opened_one_after_the_other()
    {
        var plain = TestFiles.Trades(1_000, seed: 4);
        var expected = await Conversions.RunAsync(plain);
        var gzipInZip = await Conversions.RunAsync(Packing.Zip(("data/trades.csv.gz", Packing.Pack(plain, "gzip"))));
        Assert.Equal(("zip+gzip", "data/trades.csv.gz", "csv"), (gzipInZip.Result.Format.Compression, gzipInZip.Result.Format.Entry, gzipInZip.Result.Format.Format));
        Assert.Equal(expected.Bytes, gzipInZip.Bytes);
        var thrice = Packing.Pack(Packing.Pack(Packing.Pack(plain, "xz"), "bzip2"), "zstd");
        Assert.Equal(expected.Bytes, (await Conversions.RunAsync(thrice)).Bytes);
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Packing.Pack(thrice, "gzip")));
        Assert.Equal("The content is compressed 4 times (gzip+zstd+bzip2+xz): at most 3 are opened.", wrong.Message);
    }

    [Fact]
    public async Task A_zip_archive_holds_one_file_or_the_request_says_which()
    {
        var (one, two) = (TestFiles.Trades(100, seed: 5), TestFiles.Trades(200, seed: 6));
        var single = await Conversions.RunAsync(Packing.Zip(("__MACOSX/._trades.csv", [0, 1, 2]), ("folder/", []), ("folder/.DS_Store", [1]), ("folder/trades.csv", one)));
        Assert.Equal(("zip", "folder/trades.csv", 100), (single.Result.Format.Compression, single.Result.Format.Entry, single.Result.RowsOut));

        var several = Packing.Zip(("one.csv", one), ("two.csv", two));
        var unsaid = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(several));
        Assert.Equal("The zip archive holds 2 files: one.csv, two.csv. Say which one to read.", unsaid.Message);
        Assert.Equal(200, (await Conversions.RunAsync(several, new() { Entry = "two.csv" })).Result.RowsOut);
        var missing = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(several, new() { Entry = "three.csv" }));
        Assert.Equal("The zip archive has no file 'three.csv': it holds one.csv, two.csv.", missing.Message);
        var none = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Packing.Zip(("folder/", []))));
        Assert.Equal("The zip archive holds no files.", none.Message);
        var office = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Packing.Zip(("[Content_Types].xml", one), ("word/document.xml", two))));
        Assert.Contains("Office document", office.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_archive_that_cannot_be_seeked_is_read_all_the_same()
    {
        var plain = TestFiles.Trades(500, seed: 7);
        var zip = Packing.Zip(("trades.csv", plain));
        var rows = 0L;
        var result = await new Converter().ConvertAsync(
            _ => new(new ForwardStream(zip)), Stream.Null, (_, _) => ValueTask.CompletedTask, new(), new Progress<ConversionProgress>(p => rows = p.Rows), TestContext.Current.CancellationToken);
        Assert.Equal(500, result.RowsOut);
    }

    [Fact]
    public async Task Damage_of_a_zip_archive_is_named()
    {
        var zip = Packing.Zip(("trades.csv", TestFiles.Trades(500, seed: 8)));
        for (var length = 4; length < zip.Length; length += 97)
            Assert.StartsWith("The zip compression cannot be read: the directory at its end is missing", (await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(zip[..length]))).Message, StringComparison.Ordinal);

        var encrypted = (byte[])zip.Clone();
        encrypted[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        Assert.Contains("'trades.csv' is encrypted: decrypt it first", (await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(encrypted))).Message, StringComparison.Ordinal);

        var wrongCrc = (byte[])zip.Clone();
        wrongCrc[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 16] ^= 1;
        Assert.Contains("the checksum or length of 'trades.csv'", (await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(wrongCrc))).Message, StringComparison.Ordinal);

        var limited = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(zip, new() { Limits = new() { MaxEntries = 0 } }));
        Assert.Contains("it has 1 entries: at most 0 are read", limited.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_byte_in_a_zip_archive_never_changes_the_rows()
    {
        var zip = Packing.Zip(("trades.csv", TestFiles.Trades(20, seed: 9)));
        var expected = (await Conversions.RunAsync(zip)).Bytes;
        for (var at = 4; at < zip.Length; at += 3)
        {
            var changed = (byte[])zip.Clone();
            changed[at] ^= 0x21;
            try
            {
                Assert.Equal(expected, (await Conversions.RunAsync(changed)).Bytes);
            }
            catch (ConversionException damage)
            {
                Assert.NotEmpty(damage.Message);
            }
        }
    }

    [Fact]
    public async Task Sizes_of_64_bits_in_a_zip_archive_are_understood()
    {
        var plain = TestFiles.Trades(50, seed: 10);
        var zip = WideZip.Of("trades.csv", plain);
        Assert.Equal(50, (await Conversions.RunAsync(zip)).Result.RowsOut);
    }

    [Fact]
    public async Task Closing_early_ends_the_thread_that_reads_ahead()
    {
        var packed = Packing.Pack(TestFiles.Trades(200_000, seed: 11), "gzip");
        var source = new MemoryStream(packed);
        var content = new ReadAheadStream(new System.IO.Compression.GZipStream(source, System.IO.Compression.CompressionMode.Decompress));
        var some = new byte[10];
        await content.ReadExactlyAsync(some, TestContext.Current.CancellationToken);
        await content.DisposeAsync();
        Assert.False(source.CanRead);
        Assert.Equal("time,symbo"u8.ToArray(), some);
    }

    [Fact]
    public async Task A_failure_ahead_comes_after_the_bytes_before_it()
    {
        await using var content = new ReadAheadStream(new FailingStream(1000));
        var bytes = new byte[1000];
        await content.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        var failed = await Assert.ThrowsAsync<IOException>(async () => await content.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken));
        Assert.Equal("torn", failed.Message);
    }

    sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;
    }

    sealed class FailingStream(int good) : MemoryStream(new byte[good])
    {
        public override int Read(byte[] buffer, int offset, int count) => Fail(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Fail(base.Read(buffer));

        static int Fail(int read) => read > 0 ? read : throw new IOException("torn");
    }
}
