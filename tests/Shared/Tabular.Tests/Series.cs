namespace DataIngestion.Tabular.Tests;

/// <summary>Seeded series of stored integers that call for different encodings.</summary>
internal static class Series
{
    const int Rows = 5000;

    public static IReadOnlyList<(string Name, Func<long, long, Random, int, long> Next)> All { get; } =
    [
        ("one row", (_, max, _, _) => max),
        ("constant", (_, max, _, _) => max),
        ("ascending", (_, max, _, row) => Math.Min(max, 1_704_067_200L + row * 3)),
        ("descending", (min, _, _, row) => Math.Max(min, -row * 70_001L)),
        ("extremes in turn", (min, max, _, row) => row % 2 == 0 ? min : max),
        ("least and nearly least", (min, _, _, row) => min + row % 2),
        ("any value", (min, max, random, _) => random.NextInt64(min, max)),
        ("few values", (_, _, random, _) => random.Next(7) * 100_003L),
        ("small steps", (_, _, random, row) => 500_000 + row % 700 + random.Next(-200, 201)),
        ("one jump in a flat line", (_, max, _, row) => row == 2501 ? max : 5),
    ];

    /// <summary>The series as far as the type can hold it.</summary>
    public static long[] Of(string name, DataType type)
    {
        var (min, max) = Range(type);
        var next = All.Single(s => s.Name == name).Next;
        var random = new Random(17);
        return [.. Enumerable.Range(0, name == "one row" ? 1 : Rows).Select(row => next(min, max, random, row))];
    }

    static (long Min, long Max) Range(DataType type)
    {
        if (type.Kind == DataKind.Decimal)
        {
            var end = (long)ExactDecimal.PowerOfTen(type.Precision) - 1;
            return (-end, end);
        }

        return type.Kind is DataKind.Int32 or DataKind.Date ? (int.MinValue, int.MaxValue) : (long.MinValue, long.MaxValue);
    }

    public static RecordBatch Batch(DataType type, long[] values, int nullEvery)
    {
        var builder = new RecordBatchBuilder(new([new("value", type, nullEvery > 0)]));
        for (var row = 0; row < values.Length; row++)
        {
            if (nullEvery > 0 && row % nullEvery == 0)
                builder[0].AppendNull();
            else if (builder[0] is FixedBuilder<int> ints)
                ints.Append((int)values[row]);
            else
                ((FixedBuilder<long>)builder[0]).Append(values[row]);
            builder.EndRow();
        }

        return builder.Detach();
    }

    public static long Stored(ColumnVector column, int row) => column is FixedColumn<int> ints ? ints.Values[row] : ((FixedColumn<long>)column).Values[row];
}
