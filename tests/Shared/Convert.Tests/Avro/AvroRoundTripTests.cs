using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Avro;

/// <summary>What our writer writes is read back as the same columns.</summary>
public sealed class AvroRoundTripTests
{
    public static TheoryData<AvroCodec> Codecs => [AvroCodec.Deflate, AvroCodec.Zstandard, AvroCodec.Null];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Random_rows_of_random_schemas_are_read_back(AvroCodec codec)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var schema = Schema(random);
            var rows = Enumerable.Range(0, random.Next(1, 200)).Select(_ => Row(schema, random)).ToList();
            var options = new AvroWriteOptions { Codec = codec, BlockBytes = random.Next(1, 5_000) };

            var file = await AvroFiles.WrittenAsync(schema, rows, options);
            var (found, texts) = await AvroFiles.ReadAsync(file);

            Assert.Equal(schema, found);
            Assert.Equal(Texts(schema, rows), texts);
            Assert.Equal(file, await AvroFiles.WrittenAsync(schema, rows, options, batchRows: random.Next(1, 50)));
        }
    }

    [Fact]
    public async Task No_rows_and_no_columns_are_files_too()
    {
        var (schema, rows) = await AvroFiles.ReadAsync(await AvroFiles.WrittenAsync(new([new("a b", DataType.Int64)]), []));

        Assert.Equal("a b", Assert.Single(schema).Name);
        Assert.Empty(rows);
    }

    [Fact]
    public async Task A_conversion_writes_what_a_conversion_reads()
    {
        using var output = new MemoryStream();
        await new Converter().ConvertAsync(
            _ => new(new MemoryStream("id,price,day\n1,1.50,2024-01-02\n2,,2024-01-03\n"u8.ToArray())), output, (_, _) => default, new() { Output = OutputFormat.Avro }, null, TestContext.Current.CancellationToken);

        var converted = await Conversions.RunAsync(output.ToArray(), Conversions.As("avro"));

        Assert.Equal("id int64, price decimal(18,2), day date", string.Join(", ", converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(1.50m, converted[0, "price"]);
        Assert.Null(converted[1, "price"]);
    }

    static List<string?[]> Texts(DataSchema schema, List<object?[]> rows)
    {
        var builder = new RecordBatchBuilder(schema);
        foreach (var row in rows)
            builder.AppendRow(row);
        using var batch = builder.Detach();
        return [.. Enumerable.Range(0, batch.Count).Select(r => batch.Columns.Select(c => c.GetText(r)).ToArray())];
    }

    static DataSchema Schema(Random random) =>
        new(Enumerable.Range(0, random.Next(1, 12)).Select(i => new DataColumn(Name(i, random), Type(random, 3), random.Next(2) == 0)));

    static string Name(int index, Random random) => random.Next(4) switch { 0 => $"{index} price in €", 1 => $"a-{index}", _ => $"c{index}" };

    static DataType Type(Random random, int depth) => random.Next(depth > 0 ? 17 : 15) switch
    {
        0 => DataType.Boolean,
        1 => DataType.Int8,
        2 => DataType.Int16,
        3 => DataType.Int32,
        4 => DataType.Int64,
        5 => DataType.UInt64,
        6 => DataType.Float,
        7 => DataType.Double,
        8 => DataType.String,
        9 => DataType.Binary,
        10 => DataType.Date,
        11 => DataType.Time((TimeUnit)random.Next(3)),
        12 => DataType.Timestamp((TimeUnit)random.Next(3), random.Next(2) == 0),
        13 => DataType.Duration((TimeUnit)random.Next(3)),
        14 when random.Next(1, 39) is var precision => DataType.Decimal(precision, random.Next(0, precision + 1)),
        15 => DataType.List(Type(random, depth - 1), random.Next(2) == 0),
        _ => DataType.Struct(Enumerable.Range(0, random.Next(1, 4)).Select(i => new DataColumn(Name(i, random), Type(random, depth - 1), random.Next(2) == 0))),
    };

    static object?[] Row(DataSchema schema, Random random) => [.. schema.Select(c => c.Nullable && random.Next(4) == 0 ? null : Value(c.Type, random))];

    static object? Value(DataType type, Random random) => type.Kind switch
    {
        DataKind.Boolean => random.Next(2) == 0,
        DataKind.Int8 => (long)(sbyte)random.Next(-128, 128),
        DataKind.Int16 => (long)(short)random.Next(short.MinValue, short.MaxValue + 1),
        DataKind.Int32 => (long)(int)random.NextInt64(int.MinValue, int.MaxValue + 1L),
        DataKind.Int64 => Any(random),
        DataKind.UInt64 => unchecked((ulong)Any(random)),
        DataKind.Float => random.Next(9) == 0 ? float.NaN : random.NextSingle() * 1e10f,
        DataKind.Double => random.Next(9) == 0 ? double.NegativeInfinity : random.NextDouble() * 1e100,
        DataKind.String => string.Concat(Enumerable.Repeat("é€𝄞x", random.Next(5))),
        DataKind.Binary => random.Next(5) is var length ? Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)).ToArray() : null,
        DataKind.Date => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber)),
        DataKind.Time => new TimeValue(random.NextInt64(86_400_000), TimeUnit.Milliseconds),
        DataKind.Timestamp => new TimestampValue(Any(random) >> random.Next(60), type.Unit, type.IsUtc),
        DataKind.Duration => new DurationValue(Any(random) >> random.Next(60), type.Unit),
        DataKind.Decimal => new ExactDecimal((random.Next(2) == 0 ? 1 : -1) * ((((Int128)random.NextInt64() << 63) | random.NextInt64()) % ExactDecimal.PowerOfTen(type.Precision)), type.Scale),
        DataKind.List => Enumerable.Range(0, random.Next(4)).Select(_ => type.ElementNullable && random.Next(3) == 0 ? null : Value(type.Element!, random)).ToArray(),
        _ => Row(type.Fields!, random),
    };

    static long Any(Random random) => random.Next(8) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => random.Next(-64, 64), _ => random.NextInt64(long.MinValue, long.MaxValue) };
}
