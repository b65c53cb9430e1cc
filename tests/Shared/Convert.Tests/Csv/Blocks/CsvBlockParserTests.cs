using System.Diagnostics;
using System.Reflection;
using System.Text;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Csv.Blocks;

public sealed class CsvBlockParserTests
{
    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.0, 0.0, "\n"), InlineData(1.0, 0.0, "\n"), InlineData(1.0, 0.1, "\r\n"), InlineData(0.1, 0.3, "\r\n"), InlineData(0.5, 0.5, "\n")]
    public async Task Tidy_records_are_all_read_and_have_the_values_of_the_row_reader(double quoted, double missing, string lineEnd)
    {
        var file = new GeneratedCsv(1) { Quoted = quoted, Missing = missing, Nasty = 0.2, LineEnd = lineEnd }.Create(400);
        Assert.Equal(0, await CompareAsync(file, GeneratedCsv.Plan(), 64 << 10, file.Length));
    }

    [Theory]
    [InlineData(300, 300), InlineData(1_024, 700), InlineData(4_096, 10_000), InlineData(64 << 10, 1 << 20)]
    public async Task Odd_records_are_left_to_the_row_reader_wherever_pieces_and_blocks_end(int pieceBytes, int blockBytes)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var file = new GeneratedCsv(seed)
            {
                Quoted = seed % 4 * 0.3,
                Missing = 0.1,
                Nasty = 0.1,
                Odd = 0.01 * seed,
                LineEnd = seed % 2 == 0 ? "\n" : "\r\n",
                EndsWithLineEnd = seed % 3 > 0,
            }.Create(300);
            await CompareAsync(file, GeneratedCsv.Plan(), pieceBytes, blockBytes);
        }
    }

    [Fact]
    public async Task Mutated_records_never_differ_from_the_row_reader()
    {
        var random = new Random(9);
        for (var round = 0; round < 150; round++)
        {
            var file = new GeneratedCsv(round) { Quoted = 0.3, Missing = 0.1, Nasty = 0.2 }.Create(20);
            for (var changes = random.Next(1, 8); changes > 0; changes--)
                file[random.Next(file.Length)] = random.Next(2) == 0 ? (byte)"\",\n\r 0.-"[random.Next(8)] : (byte)random.Next(256);
            await CompareAsync(file, GeneratedCsv.Plan(), 500, random.Next(200, 4_000));
        }
    }

    [Fact]
    public async Task Limits_are_those_of_the_row_reader()
    {
        var file = new GeneratedCsv(2) { Quoted = 0.5, Nasty = 0.5 }.Create(200);
        var limits = new ConversionLimits { MaxFieldBytes = 40, MaxRecordBytes = 250 };
        await CompareAsync(file, GeneratedCsv.Plan(new() { Policy = SchemaPolicy.DiscardRow, Limits = limits }), 4_096, 5_000);
    }

    [Fact]
    public async Task Null_spellings_that_are_values_of_the_type_are_nulls()
    {
        var plan = GeneratedCsv.Plan() with { Nulls = new(["-999", "true", "1900-01-01", " 5"]) };
        DataColumn[] columns = [new("n", DataType.Int64), new("b", DataType.Boolean), new("d", DataType.Date)];
        plan = plan with { Columns = [.. columns.Select(c => new ColumnPlan(c, c.Name, ColumnFormat.Default, ""))], Strict = [false, false, false], Names = ["n", "b", "d"] };
        var file = Encoding.UTF8.GetBytes(new string('7', 15) + ",false,2024-01-01\n-999,true,1900-01-01\n 5,false,2024-01-02\n5,FALSE,2024-01-02\n\"-999\",True,2024-01-03\n");
        Assert.Equal(0, await CompareAsync(file, plan, 4_096, file.Length));
    }

    [Fact]
    public async Task Text_mode_keeps_every_cell()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"c{i}").ToArray();
        var plan = new BlockPlan([.. names.Select(n => new ColumnPlan(new(n, DataType.String), n, ColumnFormat.Default, ""))], [.. names.Select(_ => false)], names, new(FormatHint.DefaultNullSpellings), new() { Types = TypesMode.Text });
        var file = new GeneratedCsv(3) { Quoted = 0.3, Missing = 0.2, Nasty = 0.3 }.Create(200);
        await CompareAsync(file, plan, 2_048, 3_000);
    }

    [Fact]
    public void A_strict_column_stops_at_a_text_that_would_change_its_type()
    {
        Assert.Equal(2, Rows("1\n2\n007\n4\n", DataType.Int64));
        Assert.Equal(1, Rows("1\n2.0\n", DataType.Int64));
        Assert.Equal(3, Rows("1.5\n-2\nNA\n1.25\n", DataType.Decimal(18, 1)));
        Assert.Equal(3, Rows("\nNA\nx\n", DataType.String));
        Assert.Equal(2, Rows("\nNA\nx\n", DataType.String, isOpen: true));
        Assert.Equal(1, Rows("NA\n1\n", DataType.Int64, isOpen: true));

        static int Rows(string text, DataType type, bool isOpen = false)
        {
            var plan = GeneratedCsv.Plan();
            var open = isOpen ? new ColumnProfile(plan.Nulls) : null;
            plan = plan with { Columns = [new(new("c", type), "c", ColumnFormat.Default, "", Open: open)], Strict = [true], Names = ["c"] };
            CsvBlockParser.Create(GeneratedCsv.Dialect, plan)!.Parse(Encoding.UTF8.GetBytes(text), new(new([new("c", type)])), out var rows);
            return rows;
        }
    }

    [Fact]
    public void Spellings_of_no_value_are_counted_once()
    {
        DataColumn[] columns = [new("a", DataType.Int64), new("b", DataType.Int64)];
        var plan = GeneratedCsv.Plan() with { Columns = [.. columns.Select(c => new ColumnPlan(c, c.Name, ColumnFormat.Default, ""))], Strict = [false, false], Names = ["a", "b"] };
        var parser = CsvBlockParser.Create(GeneratedCsv.Dialect, plan)!;
        var builder = new RecordBatchBuilder(new(columns));
        // The second column stops at the third row, so that the first is read twice and its third null not kept.
        var used = parser.Parse("NA,1\n,\"\"\nNA,x\n"u8, builder, out var rows);
        builder.EndRows(rows);
        Assert.Equal((9, 2), (used, rows));
        Assert.Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["NA"] = 1, [""] = 1 }, parser.TakeNullSpellings(0));
        Assert.Equal(new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 1 }, parser.TakeNullSpellings(1));
        Assert.Empty(parser.TakeNullSpellings(0)!);
        using var batch = builder.Detach();
        Assert.Equal(2, batch.Columns[0].NullCount);
    }

    [Fact]
    public void Dialects_that_are_not_plain_have_no_block_parser()
    {
        CsvDialect[] others = [new("||"), new(",") { Escape = '\\' }, new(",") { Comment = "#" }, new(",") { LineEnd = LineEnd.CarriageReturn }, new("§"), new(",") { FooterLines = 1 }];
        Assert.All(others, dialect => Assert.Null(CsvBlockParser.Create(dialect, GeneratedCsv.Plan())));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_row()
    {
        var isOptimized = typeof(CsvBlockParser).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
        Assert.SkipUnless(isOptimized, "a Debug build boxes what an optimised one does not; run it with '-c Release'");
        var file = new GeneratedCsv(4) { Quoted = 0.2, Missing = 0.1, Nasty = 0.2 }.Create(20_000);
        var plan = GeneratedCsv.Plan();
        var parser = CsvBlockParser.Create(GeneratedCsv.Dialect, plan)!;
        var builder = new RecordBatchBuilder(new(plan.Columns.Select(c => c.Column)));
        Assert.Equal(20_000, Read());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var rows = Read();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000, rows);
        // One object for each row would be half a million bytes.
        Assert.InRange(allocated, 0, 20_000);

        int Read()
        {
            var used = parser.Parse(file, builder, out var count);
            builder.DropRow(); // the memory stays, so that what else uses the pool has no part in this
            return used == file.Length ? count : -1;
        }
    }

    /// <summary>Reads a file block by block, leaving to the row reader the records at which the block parser stops.</summary>
    /// <returns>How many it left.</returns>
    static async Task<int> CompareAsync(byte[] file, BlockPlan plan, int pieceBytes, int blockBytes)
    {
        var exact = await RowWise.ReadAsync(file, GeneratedCsv.Dialect, plan, CancellationToken);
        var parser = CsvBlockParser.Create(GeneratedCsv.Dialect, plan, pieceBytes)!;
        var builder = new RecordBatchBuilder(new(plan.Columns.Select(c => c.Column)));
        var (at, place, left) = (0, 0, 0);
        while (place < exact.Places.Count)
        {
            at = Math.Max(at, exact.Places[place].Start); // blank lines before it
            var used = parser.Parse(file.AsSpan(at, Math.Min(blockBytes, file.Length - at)), builder, out var rows);
            builder.EndRows(rows);
            using var batch = builder.Detach();
            Assert.Equal(rows, batch.Count);
            for (var row = 0; row < rows; row++, place++)
            {
                Assert.True(exact.Places[place].Row >= 0, $"record {place} of the file is rejected by the row reader");
                Assert.Equal(exact.Rows[exact.Places[place].Row], batch.GetRow(row));
            }

            at += used;
            Assert.True(at == file.Length || rows == 0 || file[at - 1] == '\n');
            if (rows == 0)
                (left, place, at) = (left + 1, place + 1, place + 1 < exact.Places.Count ? exact.Places[place + 1].Start : file.Length);
        }

        return left;
    }
}
