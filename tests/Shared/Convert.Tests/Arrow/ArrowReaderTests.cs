using DataIngestion.Conversion.Arrow.Metadata;
using static DataIngestion.Conversion.Tests.Arrow.ArrowMessages;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>What other writers write: types, dictionaries, framings, and damage.</summary>
public sealed class ArrowReaderTests
{
    static Task<Converted> ReadAsync(byte[] stream) => Conversions.RunAsync(stream, Conversions.As("arrow"));

    static async Task<object?[]> FirstColumnAsync(byte[] stream) => [.. (await ReadAsync(stream)).Rows.Select(r => r[0])];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dictionaries_grow_and_are_replaced_between_batches(bool isOld)
    {
        var stream = Stream([Text("d", (1, 8))], [TextDictionary(1, false, "a", "b"), PlaceBatch(0, 1, 1), TextDictionary(1, true, "c"), PlaceBatch(2, 0), TextDictionary(1, false, "x"), PlaceBatch(0)], isOld);

        Assert.Equal(["a", "b", "b", "c", "a", "x"], await FirstColumnAsync(stream));
    }

    [Fact]
    public async Task A_dictionary_inside_a_dictionary_follows_its_replacement()
    {
        var field = new HandField("l", ArrowKind.List, Children: [Text("item", (2, 8))], Dictionary: (1, 8));
        var lists = new HandBatch(2, [(2, 0), (3, 0)], [[], Bytes(0, 1, 3), [], [0, 1, 0]], Dictionary: 1);

        var converted = await ReadAsync(Stream([field], [TextDictionary(2, false, "a", "b"), lists, PlaceBatch(0, 1), TextDictionary(2, false, "y", "z"), PlaceBatch(1)]));

        Assert.Equal([(object[])["a"], ["b", "a"], ["z", "y"]], converted.Rows.Select(r => (object?[])r[0]!));
    }

    [Fact]
    public async Task Runs_stand_for_rows()
    {
        var stream = Stream([RunField], [new(6, [(6, 0), (3, 0), (3, 1)], [[], Bytes(2, 5, 6), [0b101], Bytes(0, 1, 1, 3), "abb"u8.ToArray()])]);

        Assert.Equal(["a", "a", null, null, null, "bb"], await FirstColumnAsync(stream));
    }

    [Fact]
    public async Task Small_floats_and_decimals_and_intervals_are_exact()
    {
        var half = Column(new("h", ArrowKind.FloatingPoint, t => t.Int16(0, 0)), 2, [(2, 0)], [], Bytes((Half)1.5, (Half)(-0.25)));
        var small = Column(new("d", ArrowKind.Decimal, t => t.Int32(0, 5).Int32(1, 2).Int32(2, 32)), 2, [(2, 0)], [], Bytes(12345, -1));
        var middle = Column(new("d", ArrowKind.Decimal, t => t.Int32(0, 18).Int32(1, 0).Int32(2, 64)), 1, [(1, 0)], [], Bytes(123456789012345678L));
        var zeros = Column(new("d", ArrowKind.Decimal, t => t.Int32(0, 3).Int32(1, -2)), 1, [(1, 0)], [], Bytes((Int128)(-125)));
        var interval = Column(new("i", ArrowKind.Interval, t => t.Int16(0, 2)), 2, [(2, 0)], [], [.. Bytes(14, -3), .. Bytes(-1_500_000_000L), .. new byte[16]]);

        Assert.Equal([1.5f, -0.25f], await FirstColumnAsync(half));
        Assert.Equal([123.45m, -0.01m], await FirstColumnAsync(small));
        Assert.Equal([123456789012345678m], await FirstColumnAsync(middle));
        Assert.Equal([-12500m], await FirstColumnAsync(zeros));
        Assert.Equal(["P14M-3DT-1.5S", "PT0S"], await FirstColumnAsync(interval));
    }

    [Fact]
    public async Task Decimals_that_are_longer_than_their_type_get_one_that_holds_them()
    {
        var field = new HandField("d", ArrowKind.Decimal, t => t.Int32(0, 3).Int32(1, 2));

        var wider = await ReadAsync(Column(field, 2, [(2, 0)], [], Bytes((Int128)(-999), (Int128)123_456)));
        var text = await ReadAsync(Column(field, 2, [(2, 0)], [], Bytes((Int128)999, Int128.MaxValue)));

        Assert.Equal("decimal(38,2)", wider.TypeOf("d"));
        Assert.Equal(["-9.99", "1234.56"], wider.Rows.Select(r => r[0]!.ToString()));
        Assert.Equal(["9.99", "1701411834604692317316873037158841057.27"], text.Rows.Select(r => r[0]));
        Assert.Contains(wider.Result.Notes, n => n.Contains("longer ones", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Identifiers_of_128_bits_are_text_and_other_extensions_their_storage()
    {
        var uuid = Column(new("u", ArrowKind.FixedSizeBinary, t => t.Int32(0, 16), Extension: "arrow.uuid"), 1, [(1, 0)], [], System.Convert.FromHexString("00112233445566778899aabbccddeeff"));
        var other = await ReadAsync(Column(new("u", ArrowKind.FixedSizeBinary, t => t.Int32(0, 2), Extension: "vendor.code"), 1, [(1, 0)], [], [1, 2]));

        Assert.Equal(["00112233-4455-6677-8899-aabbccddeeff"], await FirstColumnAsync(uuid));
        Assert.Equal((byte[])[1, 2], other.Rows[0][0]);
        Assert.Contains(other.Result.Notes, n => n.Contains("vendor.code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Columns_of_one_name_are_told_apart()
    {
        var converted = await ReadAsync(Stream([Integer("a", 8), Integer("a", 8)], [new(1, [(1, 0), (1, 0)], [[], [1], [], [2]])]));

        Assert.Equal(["a", "a_2"], converted.Schema.Select(c => c.Name));
        Assert.Contains("column 2 is 'a' again; it is 'a_2'", converted.Result.Notes);
    }

    [Fact]
    public async Task A_stream_without_its_end_mark_is_read_with_a_note_and_bytes_behind_it_are_damage()
    {
        var open = await ReadAsync(Stream([Integer("a", 8)], [new(1, [(1, 0)], [[], [1]])], hasEnd: false));
        var twice = Stream([Integer("a", 8)], [new(1, [(1, 0)], [[], [1]])]);

        Assert.Contains(open.Result.Notes, n => n.Contains("end mark", StringComparison.Ordinal));
        await RefusedAsync([.. twice, .. twice], "follow the end");
    }

    [Fact]
    public async Task Batches_of_large_values_are_handed_on_in_pieces()
    {
        const int Rows = 3000;
        var text = new string('x', 1 << 20); // together 3 GB
        var stream = Stream([Text("d", (1, 8))], [TextDictionary(1, false, text), PlaceBatch(new byte[Rows])]);
        var context = await ArrowFiles.LargestBatchAsync(stream);

        Assert.Equal((Rows, true), (context.Rows, context.LargestBytes <= 64 << 20));
    }

    [Fact]
    public async Task What_is_no_arrow_is_refused_with_a_sentence()
    {
        var stream = Stream([Text("d", (1, 8))], [TextDictionary(1, false, "a"), PlaceBatch(0)]);

        await RefusedAsync("FEA1\0\0\0\0"u8.ToArray(), "Feather V1");
        await RefusedAsync([1, 2], "cut off");
        await RefusedAsync(stream[..^30], "cut off");
        await RefusedAsync("ARROW1\0\0 and more that is none"u8.ToArray(), "footer");
        await RefusedAsync(Stream([Text("d", (1, 8))], [PlaceBatch(0)]), "needs the dictionary 1");
        await RefusedAsync(Stream([Text("d", (1, 8))], [TextDictionary(1, false, "a"), PlaceBatch(1)]), "value 1 of a dictionary that has 1");
        await RefusedAsync(Column(Text("t"), 1, [(1, 0)], [], Bytes(0, 1), [0xFF]), "UTF-8");
        await RefusedAsync(Column(Text("t"), 2, [(2, 0)], [], Bytes(0, 5, 3), new byte[8]), "backwards");
        await RefusedAsync(Column(Integer("i", 64), 3, [(3, 0)], [], Bytes(1L)), "bytes 0 to 24");
        await RefusedAsync(Column(new("s", ArrowKind.Struct), 1, [(1, 0)], []), "without fields");
        await RefusedAsync(Column(new("n", ArrowKind.Null), 0, [(1L << 60, 0)]), "rows");
        await RefusedAsync(Stream([new("n", ArrowKind.Null)], [new(1L << 39, [(1L << 39, 0)], [])]), "made to fill");
    }

    static async Task RefusedAsync(byte[] stream, string because)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(stream));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }
}
