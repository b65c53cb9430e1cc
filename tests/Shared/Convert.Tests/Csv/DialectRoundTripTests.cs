namespace DataIngestion.Conversion.Tests.Csv;

public sealed class DialectRoundTripTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_table_written_in_any_dialect_is_detected_and_read_back(int seed)
    {
        var random = new Random(seed);
        var dialect = DialectFiles.Dialect(random);
        var table = DialectFiles.Table(random, dialect, rows: 60);
        var file = DialectFiles.Write(random, dialect, table);

        var converted = await Conversions.RunAsync(file, new() { Types = TypesMode.Text, Name = "t.csv" });

        var found = converted.Result.Format.Dialect!;
        Assert.Equal((dialect.Delimiter, dialect.Quote, dialect.SkipLines, dialect.HeaderRows), (found.Delimiter, found.Quote, found.SkipLines, found.HeaderRows));
        Assert.Equal(table, converted.Rows.Select(r => r.Select(c => (string)c!)));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(17), InlineData(1000)]
    public async Task Rows_of_any_dialect_do_not_depend_on_where_the_stream_is_split(int chunk)
    {
        for (var seed = 100; seed < 112; seed++)
        {
            var random = new Random(seed);
            var dialect = DialectFiles.Dialect(random);
            var file = DialectFiles.Write(random, dialect, DialectFiles.Table(random, dialect, rows: 40));
            // Damage, so that rejected rows are compared as well.
            for (var i = 0; i < 5; i++)
                file[random.Next(file.Length / 2, file.Length)] = (byte)"\",\n'"[random.Next(4)];
            foreach (var types in (TypesMode[])[TypesMode.Infer, TypesMode.Text])
            {
                var whole = await Conversions.RunAsync(file, new() { Types = types, Name = "t.csv" });
                var split = await Conversions.RunAsync(file, new() { Types = types, Name = "t.csv" }, chunk);
                Assert.Equal(whole.Bytes, split.Bytes);
                Assert.Equal(whole.Rejected, split.Rejected);
            }
        }
    }
}
