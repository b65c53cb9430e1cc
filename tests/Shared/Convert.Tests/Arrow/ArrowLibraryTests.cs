using System.Data;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>Apache's own library reads what is written, and what it writes is read.</summary>
public sealed class ArrowLibraryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_library_reads_every_type_that_is_written(bool isStream)
    {
        var rows = RandomTables.Rows(RandomTables.Everything, 300, new(5));
        var file = await ArrowFiles.WriteAsync(RandomTables.Everything, RandomTables.Batches(RandomTables.Everything, rows, () => 300), new() { IsStream = isStream });

        using ArrowStreamReader reader = isStream ? new ArrowStreamReader(new MemoryStream(file)) : new ArrowFileReader(new MemoryStream(file));
        using var batch = await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(300, batch!.Length);
        Assert.Equal(RandomTables.Everything.Select(c => c.Name), batch.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(rows.Select(r => (string?)r[8]), Enumerable.Range(0, 300).Select(i => ((StringArray)batch.Column("f8")).GetString(i)));
        Assert.Equal(rows.Select(r => (long?)r[4]), Enumerable.Range(0, 300).Select(i => ((Int64Array)batch.Column("f4")).GetValue(i)));
        Assert.Equal(rows.Select(r => (bool?)r[0]), Enumerable.Range(0, 300).Select(i => ((BooleanArray)batch.Column("f0")).GetValue(i)));
        Assert.Equal(rows.Select(r => r[12]?.ToString()), Enumerable.Range(0, 300).Select(i => ((Decimal128Array)batch.Column("f12")).GetString(i) is { } text ? Scaled(text, 4) : null));
        Assert.Equal(rows.Select(r => ((TimestampValue?)r[19])?.Units), Enumerable.Range(0, 300).Select(i => ((TimestampArray)batch.Column("f19")).GetValue(i)));
        Assert.Equal(rows.Select(r => ((object?[]?)r[22])?.Length), Enumerable.Range(0, 300).Select(i => batch.Column("list").IsNull(i) ? (int?)null : ((ListArray)batch.Column("list")).GetValueLength(i)));
        Assert.Null(await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken));
    }

    static string Scaled(string text, int scale) =>
        text.Contains('.', StringComparison.Ordinal) ? text + new string('0', scale - (text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1)) : text + "." + new string('0', scale);

    [Fact]
    public async Task What_the_library_writes_is_read()
    {
        var batch = new Apache.Arrow.RecordBatch.Builder()
            .Append("id", false, c => c.Int32(b => b.AppendRange([1, 2, 3])))
            .Append("name", true, c => c.String(b => b.Append("a").AppendNull().Append("ccc")))
            .Append("f", true, c => c.Double(b => b.Append(0.5).Append(-1).AppendNull()))
            .Build();
        using var output = new MemoryStream();
        using (var writer = new ArrowFileWriter(output, batch.Schema, leaveOpen: true))
        {
            await writer.WriteRecordBatchAsync(batch, TestContext.Current.CancellationToken);
            await writer.WriteEndAsync(TestContext.Current.CancellationToken);
        }

        var read = await ArrowFiles.ReadAsync(new MemoryStream(output.ToArray()));

        Assert.Equal("id int32 not null\nname string\nf double", read.Schema.ToString());
        Assert.Equal([1L, "a", 0.5], read.Rows[0]);
        Assert.Equal([2L, null, -1.0], read.Rows[1]);
        Assert.Equal([3L, "ccc", null], read.Rows[2]);
    }
}
