using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Values that stand for runs of rows, and where each run ends.</summary>
internal sealed class RunEndArrowColumn(ArrowColumn values, int endBytes, bool isBigEndian) : ArrowColumn(values.Type)
{
    readonly Places _ends = new(endBytes, isSigned: true, isBigEndian);
    readonly EndsColumn _stored = new();

    public override void Bind(ArrowBody body)
    {
        BindNode(body, hasValidity: false);
        _stored.Bind(body);
        values.Bind(body);
        CheckRows(values, _stored.Rows);
    }

    public override long Measure(long start, long count, long most)
    {
        var sum = 0L;
        foreach (var (run, length) in Runs(start, count))
        {
            var one = Math.Max(1, values.Measure(run, 1, most));
            sum += one > most ? one : one * length;
            if (sum > most)
                return sum;
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        if (count == 0)
            return;
        var runs = Runs(start, count).ToList();
        var builder = ColumnBuilder.For(Type);
        values.Append(builder, runs[0].Run, runs.Count, default);
        using var found = builder.Detach();
        var row = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            for (var end = row + runs[i].Length; row < end; row++)
            {
                if (IsSet(mask, row))
                    to.AppendNull();
                else
                    to.AppendFrom(found, i);
            }
        }
    }

    public override bool HasNulls(long start, int count, ReadOnlySpan<byte> mask)
    {
        var row = 0;
        foreach (var (run, length) in Runs(start, count))
        {
            var isNull = values.HasNulls(run, 1, default);
            for (var end = row + length; row < end; row++)
            {
                if (isNull && !IsSet(mask, row))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The runs that rows lie in, and how many of the rows lie in each.</summary>
    IEnumerable<(long Run, int Length)> Runs(long start, long count)
    {
        var run = First(start);
        for (var at = start; at < start + count; run++)
        {
            var end = End(run);
            if (end <= at)
                throw new InvalidDataException($"Run {run} of a run-end encoded column of an Arrow batch ends at row {end}, before it begins.");
            var take = Math.Min(end, start + count) - at;
            yield return (run, (int)take);
            at += take;
        }
    }

    long First(long row)
    {
        var (low, high) = (0L, _stored.Rows);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (End(middle) > row)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    long End(long run) => run < _stored.Rows ? _ends.Read(_stored.Bytes, run, 1)[0] : throw new InvalidDataException("The runs of a run-end encoded column of an Arrow batch end before its rows do.");

    sealed class EndsColumn() : ArrowColumn(DataType.Int64)
    {
        public ArrowBytes Bytes { get; private set; } = ArrowBytes.Empty;

        public override void Bind(ArrowBody body)
        {
            BindNode(body);
            Bytes = body.NextBuffer();
        }

        public override long Measure(long start, long count, long most) => 0;

        public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask) => throw new InvalidOperationException("Run ends are no values.");
    }
}
