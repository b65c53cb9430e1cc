using System.Security.Cryptography;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Tests.Compression;

public sealed class DecoderTests
{
    public static TheoryData<string> All => [.. Packing.Own];

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_packed_comes_out_however_it_is_cut(string compression)
    {
        var plain = TestFiles.Trades(4_000, seed: 3);
        var packed = Packing.Pack(plain, compression);
        Assert.Equal(plain, Packing.Unpack(packed, compression));
        Assert.Equal(plain, Packing.Unpack(packed, compression, piece: 61, chunk: 1000));
        var small = TestFiles.Trades(40, seed: 4);
        Assert.Equal(small, Packing.Unpack(Packing.Pack(small, compression), compression, piece: 1, chunk: 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Runs_and_noise_come_out_too(string compression)
    {
        var noise = new byte[70_000];
        new Random(9).NextBytes(noise);
        foreach (var plain in (byte[][])[[7], new byte[300_000], noise, [.. noise, .. noise], [.. Enumerable.Range(0, 1024).Select(i => (byte)(i / 4))], [.. Enumerable.Range(0, 1030).Select(i => (byte)(i / 5))]])
            Assert.Equal(plain, Packing.Unpack(Packing.Pack(plain, compression), compression));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Members_one_after_the_other_are_one_content(string compression)
    {
        var (one, two) = (TestFiles.Trades(300, seed: 5), TestFiles.Trades(700, seed: 6));
        byte[] packed = [.. Packing.Pack(one, compression), .. Packing.Pack([], compression), .. Packing.Pack(two, compression)];
        if (compression == "zlib")
            Assert.Contains("other bytes follow", Assert.Throws<CompressionDamage>(() => Packing.Unpack(packed, compression)).Message, StringComparison.Ordinal);
        else
            Assert.Equal([.. one, .. two], Packing.Unpack(packed, compression, chunk: 777));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_cut_at_any_byte_is_damage_and_never_a_shorter_content(string compression)
    {
        var plain = TestFiles.Trades(60, seed: 7);
        byte[] packed = [.. Packing.Pack(plain, compression), .. Packing.Pack(plain, compression)];
        if (compression == "zlib")
            packed = Packing.Pack(plain, compression);
        for (var length = 1; length < packed.Length; length++)
        {
            if (IsWhole(compression, packed, length))
                continue;
            var damage = Assert.Throws<CompressionDamage>(() => Packing.Unpack(packed[..length], compression));
            Assert.NotEmpty(damage.Message);
        }
    }

    /// <summary>A cut between two members leaves a whole file; snappy has no end at all, so that one between two chunks does, too.</summary>
    static bool IsWhole(string compression, byte[] packed, int length)
    {
        if (compression != "snappy")
            return compression != "zlib" && length == packed.Length / 2;
        var at = 0;
        while (at < length)
            at += 4 + packed[at + 1] + (packed[at + 2] << 8) + (packed[at + 3] << 16);
        return at == length;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_changed_byte_anywhere_is_damage_or_changes_nothing(string compression)
    {
        var plain = TestFiles.Trades(60, seed: 8);
        var packed = Packing.Pack(plain, compression);
        var random = new Random(8);
        for (var at = 0; at < packed.Length; at++)
        {
            var changed = (byte[])packed.Clone();
            changed[at] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.Equal(plain, Packing.Unpack(changed, compression));
            }
            catch (CompressionDamage damage)
            {
                Assert.NotEmpty(damage.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Other_bytes_behind_the_end_are_reported(string compression)
    {
        byte[] packed = [.. Packing.Pack(TestFiles.Trades(60, seed: 9), compression), .. "and more"u8];
        var damage = Assert.Throws<CompressionDamage>(() => Packing.Unpack(packed, compression));
        Assert.Contains(compression == "snappy" ? "unknown kind" : "other bytes follow its end", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_behind_gzip_are_padding()
    {
        var plain = TestFiles.Trades(60, seed: 10);
        Assert.Equal(plain, Packing.Unpack([.. Packing.Pack(plain, "gzip"), .. new byte[5000]], "gzip"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Random_changes_neither_crash_nor_hang(string compression)
    {
        var packed = Packing.Pack(TestFiles.Trades(400, seed: 11), compression);
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var changed = (byte[])packed.Clone();
            for (var n = random.Next(1, 20); n > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                Packing.Unpack(changed[..random.Next(1, changed.Length)], compression);
            }
            catch (CompressionDamage damage)
            {
                Assert.NotEmpty(damage.Message);
            }
        }
    }

    [Fact]
    public void Every_check_of_xz_is_known()
    {
        foreach (var (name, packed) in XzSamples.All)
        {
            var plain = Packing.Unpack(packed, "xz", piece: 100);
            Assert.True(XzSamples.Sha256OfPlain == System.Convert.ToHexStringLower(SHA256.HashData(plain)), name);
            for (var length = 1; length < packed.Length; length++)
                Assert.Throws<CompressionDamage>(() => Packing.Unpack(packed[..length], "xz"));
            for (var at = 0; at < packed.Length && name != "none"; at++)
            {
                var changed = (byte[])packed.Clone();
                changed[at] ^= 0x10;
                Assert.Throws<CompressionDamage>(() => Packing.Unpack(changed, "xz"));
            }
        }
    }

    [Fact]
    public void A_filter_of_xz_that_is_not_supported_is_named() =>
        Assert.Contains("a filter beside LZMA2", Assert.Throws<CompressionDamage>(() => Packing.Unpack(XzSamples.WithDelta, "xz")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("xz", "-6 -T2 --block-size=200000", "xz"), InlineData("xz", "-9e --check=sha256", "xz"), InlineData("xz", "-0 --lzma2=dict=4KiB,lc=1,lp=3,pb=4", "xz")]
    [InlineData("bzip2", "-1", "bzip2"), InlineData("bzip2", "-9", "bzip2")]
    [InlineData("zstd", "-q -19 --long=27", "zstd"), InlineData("lz4", "-q -9 -BD -B4", "lz4"), InlineData("lz4", "-q -BX -B7", "lz4"), InlineData("gzip", "-9 -n", "gzip")]
    public void What_other_programs_pack_comes_out(string program, string arguments, string compression)
    {
        var plain = TestFiles.Trades(40_000, seed: 12);
        var packed = Packing.ByProgram(program, arguments + " -c", plain);
        Assert.Equal(compression, Compressions.Of(packed));
        Assert.Equal(plain, Packing.Unpack(packed, compression));
        Assert.Equal([.. plain, .. plain], Packing.Unpack([.. packed, .. packed], compression));
    }
}
