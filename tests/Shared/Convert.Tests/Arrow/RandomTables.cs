using System.Globalization;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>Tables of every type with random values.</summary>
internal static class RandomTables
{
    public static IReadOnlyList<DataType> Flat { get; } =
    [
        DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.UInt64, DataType.Float, DataType.Double, DataType.String, DataType.Binary,
        DataType.Date, DataType.Decimal(9, 2), DataType.Decimal(18, 4), DataType.Decimal(38, 10),
        DataType.Time(TimeUnit.Milliseconds), DataType.Time(TimeUnit.Microseconds), DataType.Time(TimeUnit.Nanoseconds),
        DataType.Timestamp(TimeUnit.Milliseconds, true), DataType.Timestamp(TimeUnit.Microseconds, false), DataType.Timestamp(TimeUnit.Nanoseconds, true),
        DataType.Duration(TimeUnit.Milliseconds), DataType.Duration(TimeUnit.Nanoseconds),
    ];

    public static DataSchema Schema(Random random)
    {
        var columns = Enumerable.Range(0, random.Next(1, 8)).Select(i => new DataColumn($"c{i}", Type(random, 0), random.Next(4) > 0));
        return new(columns);
    }

    /// <summary>Every flat type, and lists and structs of some.</summary>
    public static DataSchema Everything { get; } = new(
    [
        .. Flat.Select((t, i) => new DataColumn($"f{i}", t)),
        new("list", DataType.List(DataType.List(DataType.String))),
        new("struct", DataType.Struct(new("a", DataType.Int32, false), new("b", DataType.List(DataType.Decimal(18, 4), nullable: false)), new("c", DataType.Struct(new DataColumn("d", DataType.Boolean))))),
        new("required", DataType.Int64, false),
    ]);

    static DataType Type(Random random, int depth) => depth < 3 && random.Next(4) == 0
        ? random.Next(2) == 0
            ? DataType.List(Type(random, depth + 1), random.Next(3) > 0)
            : DataType.Struct(Enumerable.Range(0, random.Next(1, 4)).Select(i => new DataColumn($"s{i}", Type(random, depth + 1), random.Next(3) > 0)))
        : Flat[random.Next(Flat.Count)];

    public static IReadOnlyList<object?[]> Rows(DataSchema schema, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => schema.Select(c => Value(c.Type, c.Nullable, random)).ToArray())];

    static object? Value(DataType type, bool nullable, Random random)
    {
        if (nullable && random.Next(5) == 0)
            return null;
        return type.Kind switch
        {
            DataKind.Boolean => random.Next(2) == 0,
            DataKind.Int8 => (long)random.Next(-128, 128),
            DataKind.Int16 => (long)random.Next(-32768, 32768),
            DataKind.Int32 => (long)random.Next(int.MinValue, int.MaxValue),
            DataKind.Int64 => random.NextInt64(long.MinValue, long.MaxValue),
            DataKind.UInt64 => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
            DataKind.Float => (float)(random.NextDouble() * 1000),
            DataKind.Double => random.NextDouble() * 1e10,
            DataKind.String => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) == 0 ? "é\U0001F4B0" : random.Next(1000).ToString(CultureInfo.InvariantCulture))),
            DataKind.Binary => Bytes(random),
            DataKind.Date => DateOnly.FromDayNumber(random.Next(1, 3_000_000)),
            DataKind.Decimal => new ExactDecimal((Int128)random.NextInt64(-99_999_999, 99_999_999) * (type.IsWideDecimal ? 1_000_000_000_000 : 1), type.Scale),
            DataKind.Time => new TimeValue(random.NextInt64(86_400 * PerSecond(type.Unit)), type.Unit),
            DataKind.Timestamp => new TimestampValue(random.NextInt64(-1_000_000_000_000, 1_000_000_000_000), type.Unit, type.IsUtc),
            DataKind.Duration => new DurationValue(random.NextInt64(-1_000_000_000_000, 1_000_000_000_000), type.Unit),
            DataKind.List => Enumerable.Range(0, random.Next(4)).Select(_ => Value(type.Element!, type.ElementNullable, random)).ToArray(),
            _ => type.Fields!.Select(f => Value(f.Type, f.Nullable, random)).ToArray(),
        };
    }

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(10)];
        random.NextBytes(bytes);
        return bytes;
    }

    static long PerSecond(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000, TimeUnit.Microseconds => 1_000_000, _ => 1_000_000_000 };

    /// <summary>The rows as batches of some sizes.</summary>
    public static IEnumerable<RecordBatch> Batches(DataSchema schema, IReadOnlyList<object?[]> rows, Func<int> size)
    {
        for (var at = 0; at < rows.Count;)
        {
            var builder = new RecordBatchBuilder(schema);
            for (var end = Math.Min(rows.Count, at + size()); at < end; at++)
                builder.AppendRow(rows[at]);
            yield return builder.Detach();
        }
    }
}
