using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace DataIngestion.Conversion.Tests;

public sealed class CompressionTests
{
    [Theory]
    [InlineData("gzip"), InlineData("zstd")]
    public async Task Compressed_input_gives_the_same_rows(string compression)
    {
        var plain = TestFiles.Trades(5_000, seed: 3);
        var packed = Pack(plain, compression);

        var converted = await Conversions.RunAsync(packed, null, 1000);

        Assert.Equal(compression, converted.Result.Format.Compression);
        Assert.Equal("csv", converted.Result.Format.Format);
        Assert.Equal((await Conversions.RunAsync(plain)).Bytes, converted.Bytes);
    }

    [Theory]
    [InlineData("gzip"), InlineData("zstd")]
    public async Task A_bomb_is_stopped(string compression)
    {
        var bomb = Pack(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 2_000_000))), compression);

        var bySize = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(bomb, new() { Limits = new() { MaxDecompressedBytes = 1_000_000 } }));
        Assert.Contains("1000000 bytes", bySize.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip"), InlineData("zstd")]
    public async Task Truncated_compression_is_one_clear_error(string compression)
    {
        var packed = Pack(TestFiles.Trades(20_000, seed: 3), compression);
        packed[packed.Length / 2] ^= 0xFF;
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(packed));
        Assert.Contains(compression, wrong.Message, StringComparison.Ordinal);
    }

    static byte[] Pack(byte[] plain, string compression)
    {
        using var packed = new MemoryStream();
        using (Stream stream = compression == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new CompressionStream(packed, 3, leaveOpen: true))
            stream.Write(plain);
        return packed.ToArray();
    }
}
