using Azure.Data.Tables;

namespace DataIngestion.Recover.Tests;

public sealed class TableRowsTests
{
    [Fact]
    public void A_row_comes_back_with_its_values_and_their_types()
    {
        var row = new TableEntity("a|b", "c\n\"d\"")
        {
            ["Text"] = "ß\u2028'",
            ["Count"] = 3,
            ["Large"] = long.MaxValue,
            ["Share"] = 0.1,
            ["Nothing"] = double.NaN,
            ["Yes"] = true,
            ["At"] = new DateTimeOffset(2026, 3, 2, 12, 0, 0, 123, TimeSpan.Zero).AddTicks(4567),
            ["Id"] = Guid.Parse("5d9c0b1e-41a1-4e4b-9d5e-8f3c5a5a8f10"),
            ["Bytes"] = new byte[] { 0, 255, 10 },
        };
        row.Timestamp = new(2026, 3, 2, 12, 0, 1, TimeSpan.Zero);

        var (back, writtenAt) = TableRows.Read(TableRows.Write(row));

        Assert.Equal((row.PartitionKey, row.RowKey, row.Timestamp), (back.PartitionKey, back.RowKey, writtenAt));
        Assert.True(TableRows.AreEqual(row, back));
        foreach (var name in new[] { "Text", "Count", "Large", "Share", "Nothing", "Yes", "At", "Id", "Bytes" })
            Assert.Equal(row[name], back[name]);
    }

    [Fact]
    public void Rows_that_differ_in_a_value_or_only_in_its_type_are_not_equal()
    {
        var row = new TableEntity("p", "r") { ["Count"] = 3 };

        Assert.False(TableRows.AreEqual(row, new("p", "r") { ["Count"] = 4 }));
        Assert.False(TableRows.AreEqual(row, new("p", "r") { ["Count"] = 3L }));
        Assert.False(TableRows.AreEqual(row, new("p", "r") { ["Count"] = 3, ["More"] = 1 }));
        Assert.True(TableRows.AreEqual(row, new("p", "r") { ["Count"] = 3, ["Timestamp"] = DateTimeOffset.UnixEpoch }));
    }
}
