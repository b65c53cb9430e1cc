using System.Text;
using CsCheck;

namespace DataIngestion.Merge.Tests;

public sealed class OrderedBytesTests
{
    [Fact]
    public void Whole_numbers_sort_as_their_bytes() =>
        Gen.Select(Gen.Long, Gen.Long).Sample((a, b) => AssertSameOrder(a.CompareTo(b), w => w.WriteInt64(a), w => w.WriteInt64(b)));

    [Fact]
    public void Wide_decimals_sort_as_their_bytes() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.ULong, Gen.ULong).Sample((a, b, c, d) =>
        {
            var (x, y) = (new Int128((ulong)a, c), new Int128((ulong)b, d));
            AssertSameOrder(x.CompareTo(y), w => w.WriteInt128(x), w => w.WriteInt128(y));
        });

    [Fact]
    public void Floating_numbers_sort_as_their_bytes() =>
        Gen.Select(Gen.Double, Gen.Double).Where((a, b) => !double.IsNaN(a) && !double.IsNaN(b))
            .Sample((a, b) => AssertSameOrder(a.CompareTo(b), w => w.WriteDouble(a), w => w.WriteDouble(b)));

    [Fact]
    public void Text_with_zeros_and_prefixes_sorts_by_its_utf8_bytes_even_when_more_follows() =>
        Gen.Select(Gen.String[Gen.OneOf(Gen.Const('\0'), Gen.Char['a', 'c'], Gen.Char['é', 'ë']), 0, 6], Gen.String[Gen.OneOf(Gen.Const('\0'), Gen.Char['a', 'c']), 0, 6], Gen.Int, Gen.Int).Sample((a, b, x, y) =>
        {
            var order = Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
            AssertSameOrder(
                order != 0 ? order : x.CompareTo(y),
                w => { w.WriteString(a); w.WriteInt64(x); },
                w => { w.WriteString(b); w.WriteInt64(y); });
        });

    [Fact]
    public void What_is_missing_sorts_first() => AssertSameOrder(-1, w => w.WriteNull(), w => w.WriteInt64(long.MinValue));

    [Fact]
    public void Values_come_back_as_they_were() =>
        Gen.Select(Gen.Long, Gen.Double, Gen.Bool, Gen.String).Sample((number, real, truth, text) =>
        {
            var writer = new OrderedBytesWriter();
            writer.WriteInt64(number);
            writer.WriteNull();
            writer.WriteDouble(real);
            writer.WriteBoolean(truth);
            writer.WriteInt128((Int128)number * 1_000_003);
            var bytes = Encoding.UTF8.GetBytes(text + "\0end");
            writer.WriteBytes(bytes);

            var reader = new OrderedBytesReader(writer.ToArray());
            Assert.True(reader.ReadPresence());
            Assert.Equal(number, reader.ReadInt64());
            Assert.False(reader.ReadPresence());
            Assert.True(reader.ReadPresence());
            Assert.Equal(real, reader.ReadDouble());
            Assert.True(reader.ReadPresence());
            Assert.Equal(truth, reader.ReadBoolean());
            Assert.True(reader.ReadPresence());
            Assert.Equal((Int128)number * 1_000_003, reader.ReadInt128());
            Assert.True(reader.ReadPresence());
            Assert.Equal(bytes, reader.ReadBytes().ToArray());
            Assert.True(reader.IsAtEnd);
        });

    static void AssertSameOrder(int expected, Action<OrderedBytesWriter> left, Action<OrderedBytesWriter> right)
    {
        var (a, b) = (new OrderedBytesWriter(), new OrderedBytesWriter());
        left(a);
        right(b);
        Assert.Equal(Math.Sign(expected), Math.Sign(a.ToArray().AsSpan().SequenceCompareTo(b.ToArray())));
    }
}
