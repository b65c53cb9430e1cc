using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

public sealed class SortedRowsTests
{
    [Theory]
    [InlineData(1 << 16), InlineData(1 << 20), InlineData(1 << 28)]
    public void Rows_come_back_sorted_whatever_the_buffer(int buffer)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(42);
        var rows = Enumerable.Range(0, 20_000).Select(i => new SaidRow(random.Next(5_000), "s", random.Next(10), "r", i, random.Next())).ToArray();

        using (var sorted = new SortedRows(folder.Path, buffer))
        {
            foreach (var row in rows)
                sorted.Add(row.Encode());
            var expected = rows.Select(r => r.Encode()).Order(MergeRow.Order).Select(SaidRow.Decode);
            Assert.Equal(expected, sorted.Read().Select(SaidRow.Decode));
            Assert.Equal(rows.Length, sorted.Count);
            Assert.Equal(buffer < 1 << 20, sorted.Spills > 2);
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }
}
