using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Conversion.Tests.Orc;

public sealed class OrcFileTests
{
    const int Text = 7;
    const int Data = 1;
    const int Length = 2;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task Chunks_are_decompressed(int compression)
    {
        var file = Symbols(new OrcFile { Compression = compression, Pack = Packers.Find(p => p.Compression == compression).Pack });

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal(["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BC"], converted.Rows.Select(r => r[0]));
        Assert.Equal(["XX", "YY"], (await Conversions.RunAsync(Symbols(new(), "XX", "YY").ToArray(), Conversions.As("orc"))).Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task Stripes_follow_each_other_and_files_may_have_none()
    {
        var two = Symbols(Symbols(new(), "A", "B"), "C", "D", isFirst: false);

        Assert.Equal(["A", "B", "C", "D"], (await Conversions.RunAsync(two.ToArray(), Conversions.As("orc"))).Rows.Select(r => r[0]));
        Assert.Empty((await Conversions.RunAsync(OrcFile.OfColumn(Text).ToArray(), Conversions.As("orc"))).Rows);
    }

    [Fact]
    public async Task The_postscript_need_not_say_ORC_if_the_head_does()
    {
        Assert.Equal(2, (await Conversions.RunAsync(Symbols(new() { HasMagic = false }).ToArray(), Conversions.As("orc"))).Rows.Count);
    }

    [Fact]
    public async Task Names_become_unique_and_what_is_no_struct_is_one_column()
    {
        var names = new OrcFile().Type(OrcFile.Struct, [1, 2, 3], ["a", "a", ""]).Type(0).Type(0).Type(0)
            .Stripe(1, [(1, Data, OrcFile.Bits(true)), (2, Data, OrcFile.Bits(false)), (3, Data, OrcFile.Bits(true))], [(0, 0), (0, 0), (0, 0), (0, 0)]);
        var single = new OrcFile().Type(3).Stripe(2, [(0, Data, OrcFile.Signed(4, 5))], [(0, 0)]);

        var renamed = await Conversions.RunAsync(names.ToArray(), Conversions.As("orc"));
        Assert.Equal(["a", "a_2", "column3"], renamed.Schema.Select(c => c.Name));
        Assert.Equal(2, renamed.Result.Notes.Count);
        Assert.Equal([4L, 5L], (await Conversions.RunAsync(single.ToArray(), Conversions.As("orc"))).Rows.Select(r => r[0]));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "empty", "is empty" },
        { "cut", "not an ORC file" },
        { "rows", "footer says 9 rows, and its 1 stripes have 2" },
        { "acid", "transactional (ACID) table" },
        { "encrypted", "encrypted columns" },
        { "cycle", "which cannot be" },
        { "short", "end before its rows do" },
        { "compression", "unknown compression 9" },
        { "deep", "lie in each other" },
        { "many", "more than 1000 a byte" },
        { "long", "recordBytes" },
        { "dictionary", "names entry 7 of a dictionary of 1" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_cannot_be_read_is_told_in_a_sentence(string what, string expected)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Bad(what), Conversions.As("orc")));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    static byte[] Bad(string what) => what switch
    {
        "empty" => [],
        "cut" => Symbols(new()).ToArray()[..^12],
        "rows" => Symbols(new()).ToArray(rows: 9),
        "acid" => new OrcFile().Type(OrcFile.Struct, [1, 2, 3, 4, 5, 6], ["operation", "originalTransaction", "bucket", "rowId", "currentTransaction", "row"])
            .Type(3).Type(4).Type(3).Type(4).Type(4).Type(OrcFile.Struct, [7], ["a"]).Type(3).ToArray(),
        "encrypted" => Symbols(new OrcFile().Footer(10, new OrcFile.Proto().Bytes(3, new OrcFile.Proto().Number(1, 1).ToArray()).ToArray())).ToArray(),
        "cycle" => new OrcFile().Type(OrcFile.Struct, [1], ["a"]).Type(10, [1]).ToArray(),
        "short" => OrcFile.OfColumn(3).Stripe(3, [(1, Data, OrcFile.Signed(1, 2))], [(0, 0), (0, 0)]).ToArray(),
        "compression" => Symbols(new() { Compression = 9 }).ToArray(),
        "deep" => Enumerable.Range(1, 70).Aggregate(new OrcFile().Type(OrcFile.Struct, [1], ["a"]), (f, i) => f.Type(10, [i + 1])).Type(3).ToArray(),
        "many" => OrcFile.OfColumn(OrcFile.Struct).Stripe(1L << 40, [], [(0, 0), (0, 0)]).ToArray(),
        "long" => OrcFile.OfColumn(Text).Stripe(1, [(1, Length, OrcFile.Unsigned(1L << 40))], [(0, 0), (0, 0)]).ToArray(),
        _ => OrcFile.OfColumn(Text).Stripe(1, [(1, Data, OrcFile.Unsigned(7)), (1, Length, OrcFile.Unsigned(1)), (1, 3, OrcFile.Utf8("N"))], [(0, 0), (1, 1)]).ToArray(),
    };

    static OrcFile Symbols(OrcFile file, string first = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", string second = "BC", bool isFirst = true) =>
        (isFirst ? file.Type(OrcFile.Struct, [1], ["a"]).Type(Text) : file).Stripe(
            2, [(1, Data, OrcFile.Utf8(first + second)), (1, Length, OrcFile.Unsigned(first.Length, second.Length))], [(0, 0), (0, 0)]);

    static readonly List<(int Compression, Func<byte[], byte[]> Pack)> Packers =
    [
        (1, Deflate), (2, b => Snappy.CompressToArray(b)), (3, Lzo), (4, Lz4),
        (5, b => { using var zstd = new Compressor(); return zstd.Wrap(b).ToArray(); }), (6, Brotli),
    ];

    static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return packed.ToArray();
    }

    static byte[] Lz4(byte[] bytes)
    {
        var packed = new byte[LZ4Codec.MaximumOutputSize(bytes.Length)];
        return packed[..LZ4Codec.Encode(bytes, packed)];
    }

    static byte[] Brotli(byte[] bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var written) ? packed[..written] : throw new InvalidOperationException();
    }

    /// <summary>Literals only, but for a run of A before at most three others, which is four literals and a copy of the byte before; the end is a copy from nowhere.</summary>
    static byte[] Lzo(byte[] bytes)
    {
        var run = bytes.AsSpan().IndexOf("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"u8);
        if (run < 0 || bytes.Length - run - 32 > 3)
            return [.. Literals(bytes), 0x11, 0, 0];
        var rest = bytes[(run + 32)..];
        return [.. Literals(bytes[..(run + 4)]), 32 | 26, (byte)rest.Length, 0, .. rest, 0x11, 0, 0];
    }

    static byte[] Literals(byte[] bytes) => bytes.Length switch
    {
        < 4 => [(byte)(17 + bytes.Length), .. bytes],
        <= 18 => [(byte)(bytes.Length - 3), .. bytes],
        _ => [0, .. Enumerable.Repeat((byte)0, (bytes.Length - 19) / 255), (byte)(bytes.Length - 18 - ((bytes.Length - 19) / 255 * 255)), .. bytes],
    };

    /// <summary>Files of every type and encoding, for fuzzing.</summary>
    internal static IReadOnlyList<byte[]> Seeds() =>
    [
        OrcTypeTests.Nested().ToArray(),
        OrcTypeTests.Nested(new() { Compression = 1, Pack = Deflate }).ToArray(),
        Symbols(new() { Compression = 3, Pack = Lzo }).ToArray(),
        Symbols(Symbols(new() { Compression = 5, Pack = Packers[4].Pack }), "C", "D", isFirst: false).ToArray(),
        new OrcFile().Type(OrcFile.Struct, [1, 2, 3, 4], ["n", "t", "d", "s"]).Type(4).Type(9).Type(14, precision: 20, scale: 3).Type(7)
            .Stripe(
                20,
                [
                    (1, 0, OrcFile.Bits([.. Enumerable.Range(0, 20).Select(i => i != 3)])),
                    (1, Data, [0xC6, 0x09, 0x04, 0x02, 0x22, 0x42, 0x42, 0x46, 0x0A, 0x4E, 0x20, 0x0A, 0x4E, 0x20]),
                    (2, Data, [0x0F, 0x4E, 0x20, 0x0F, 0x4E, 0x20]), (2, 5, [0x0F, 0x4E, 0x20, 0x0F, 0x4E, 0x20]),
                    (3, Data, [.. Enumerable.Repeat((byte)7, 20)]), (3, 5, OrcFile.Signed([.. Enumerable.Repeat(3L, 20)])),
                    (4, Data, OrcFile.Unsigned([.. Enumerable.Range(0, 20).Select(i => i % 2L)])), (4, Length, OrcFile.Unsigned(2, 3)), (4, 3, OrcFile.Utf8("NYAPL")),
                ],
                [(0, 0), (2, 0), (2, 0), (0, 0), (1, 2)],
                "Europe/Berlin").ToArray(),
    ];
}
