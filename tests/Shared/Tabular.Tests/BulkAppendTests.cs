namespace DataIngestion.Tabular.Tests;

public sealed class BulkAppendTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Many_rows_at_once_are_the_same_as_one_by_one_however_they_are_mixed(int seed)
    {
        var random = new Random(seed);
        var numbers = (FixedBuilder<long>)ColumnBuilder.For(DataType.Int64);
        var texts = (BytesBuilder)ColumnBuilder.For(DataType.String);
        var expected = new List<long?>();
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    expected.Add(step);
                    numbers.Append(step);
                    texts.Append($"{step}");
                    break;
                case 1:
                    expected.Add(null);
                    numbers.AppendNull();
                    texts.AppendNull();
                    break;
                case 2 when random.Next(10) == 0:
                    expected.RemoveRange(expected.Count / 2, expected.Count - expected.Count / 2);
                    numbers.Truncate(expected.Count);
                    texts.Truncate(expected.Count);
                    break;
                default:
                    AppendMany(random, numbers, texts, expected);
                    break;
            }
        }

        using var column = numbers.Detach();
        using var text = texts.Detach();
        Assert.Equal(expected.Count(v => v is null), column.NullCount);
        Assert.Equal(expected.Count(v => v is null), text.NullCount);
        Assert.Equal(expected, Enumerable.Range(0, column.Count).Select(row => (long?)column.GetValue(row)));
        Assert.Equal(expected.Select(v => v?.ToString()), Enumerable.Range(0, text.Count).Select(text.GetText));
    }

    static void AppendMany(Random random, FixedBuilder<long> numbers, BytesBuilder texts, List<long?> expected)
    {
        // More is reserved than is committed, and bits beyond the last row are set.
        var rows = random.Next(0, 40);
        var nulls = new byte[random.Next(2) == 0 ? 0 : 6];
        random.NextBytes(nulls);
        var values = numbers.Reserve(rows + 5);
        texts.Reserve(rows + 5, 1_000, out var ends, out var data);
        var used = 0;
        for (var row = 0; row < rows; row++)
        {
            var isNull = row / 8 < nulls.Length && (nulls[row / 8] & (1 << (row % 8))) != 0;
            values[row] = random.Next(100);
            expected.Add(isNull ? null : values[row]);
            if (!isNull)
                used += System.Text.Encoding.UTF8.GetBytes($"{values[row]}", data[used..]);
            ends[row] = used;
        }

        numbers.Commit(rows, nulls);
        texts.Commit(rows, nulls);
    }

    [Fact]
    public void More_than_was_reserved_cannot_be_committed()
    {
        var numbers = (FixedBuilder<int>)ColumnBuilder.For(DataType.Int32);
        var room = numbers.Reserve(10).Length;
        Assert.Equal(10, room);
        Assert.Throws<ArgumentOutOfRangeException>(() => numbers.Commit(1 << 20, []));
    }
}
