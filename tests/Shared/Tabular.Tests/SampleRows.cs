namespace DataIngestion.Tabular.Tests;

/// <summary>Seeded rows of every type.</summary>
internal static class SampleRows
{
    public static DataType[] Types { get; } =
    [
        DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Double, DataType.String, DataType.Binary,
        DataType.Date, DataType.Decimal(7, 2), DataType.Decimal(18, 6), DataType.Decimal(28, 10), DataType.Decimal(38, 18),
        DataType.Time(TimeUnit.Milliseconds), DataType.Time(TimeUnit.Microseconds), DataType.Time(TimeUnit.Nanoseconds),
        DataType.Timestamp(TimeUnit.Milliseconds, true), DataType.Timestamp(TimeUnit.Microseconds, false), DataType.Timestamp(TimeUnit.Nanoseconds, true),
        DataType.UInt64, DataType.Float, DataType.Duration(TimeUnit.Milliseconds), DataType.Duration(TimeUnit.Nanoseconds),
    ];

    /// <summary>Lists and structs, in each other and of several types.</summary>
    public static DataSchema NestedSchema { get; } = new(
    [
        new("words", DataType.List(DataType.String)),
        new("quote", DataType.Struct(new DataColumn("bid", DataType.Decimal(18, 4)), new DataColumn("ask", DataType.Decimal(18, 4), false))),
        new("legs", DataType.List(DataType.Struct(new DataColumn("id", DataType.UInt64, false), new DataColumn("prices", DataType.List(DataType.Float, false))), false), false),
        new("deep", DataType.List(DataType.List(DataType.List(DataType.Timestamp(TimeUnit.Nanoseconds, true))))),
        new("plain", DataType.Int64),
    ]);

    public static DataSchema Schema(bool nullable) => new(Types.Select((t, i) => new DataColumn($"c{i}_{t.Kind}", t, nullable)));

    public static RecordBatch Batch(DataSchema schema, int rows, int seed, double nulls, int distinct)
    {
        var random = new Random(seed);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < schema.Count; i++)
            {
                if (schema[i].Nullable && random.NextDouble() < nulls)
                    builder[i].AppendNull();
                else
                    builder[i].AppendValue(Value(schema[i].Type, distinct > 0 ? new Random(random.Next(distinct)) : random));
            }

            builder.EndRow();
        }

        return builder.Detach();
    }

    static object? Maybe(DataType type, bool nullable, Random random) => nullable && random.Next(5) == 0 ? null : Value(type, random);

    static object Value(DataType type, Random random) => type.Kind switch
    {
        DataKind.List => Enumerable.Range(0, random.Next(4)).Select(_ => Maybe(type.Element!, type.ElementNullable, random)).ToArray(),
        DataKind.Struct => type.Fields!.Select(f => Maybe(f.Type, f.Nullable, random)).ToArray(),
        DataKind.UInt64 => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
        DataKind.Float => random.Next(10) switch { 0 => float.NaN, 1 => float.NegativeInfinity, 2 => -0.0f, _ => random.NextSingle() * 1e6f },
        DataKind.Duration => new DurationValue(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(60), type.Unit),
        DataKind.Boolean => random.Next(2) == 1,
        DataKind.Int8 => (long)random.Next(-128, 128),
        DataKind.Int16 => (long)random.Next(-32768, 32768),
        DataKind.Int32 => (long)random.Next(int.MinValue, int.MaxValue),
        DataKind.Int64 => random.NextInt64(long.MinValue, long.MaxValue),
        DataKind.Double => random.Next(10) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => -0.0, _ => random.NextDouble() * 1e6 },
        DataKind.String => new string([.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => "aZ0,\"\n\u00e9\u4e2d "[random.Next(9)])]),
        DataKind.Binary => Bytes(random),
        DataKind.Date => DateOnly.FromDayNumber(random.Next(0, 3_652_058)),
        DataKind.Decimal => new ExactDecimal(Unscaled(type.Precision, random), type.Scale),
        DataKind.Time => new TimeValue(random.NextInt64(0, 86_400 * PerSecond(type.Unit)), type.Unit),
        _ => new TimestampValue(random.NextInt64(-9_000_000_000_000_000_000, 9_000_000_000_000_000_000) / (1_000_000_000 / PerSecond(type.Unit)), type.Unit, type.IsUtc),
    };

    static long PerSecond(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000, TimeUnit.Microseconds => 1_000_000, _ => 1_000_000_000 };

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(0, 20)];
        random.NextBytes(bytes);
        return bytes;
    }

    static Int128 Unscaled(int precision, Random random)
    {
        Int128 value = 0;
        for (var digit = random.Next(1, precision + 1); digit > 0; digit--)
            value = value * 10 + random.Next(10);
        return random.Next(2) == 1 ? -value : value;
    }
}
