using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Adds the lineage columns, which follow the others in a builder, for many rows at once.</summary>
internal sealed class LineageFill(RecordBatchBuilder builder, int firstColumn, LineageStamp stamp)
{
    readonly byte[] _source = Encoding.UTF8.GetBytes(stamp.Source);
    readonly byte[] _run = Encoding.UTF8.GetBytes(stamp.Run);
    readonly long _knownAt = TimestampValue.FromDateTime(stamp.KnownAt.UtcDateTime, TimeUnit.Microseconds, isUtc: true).Units;

    /// <param name="firstRow">The number of the first row.</param>
    public void Add(long firstRow, int rows)
    {
        Repeat((BytesBuilder)builder[firstColumn], _source, rows);
        Repeat((BytesBuilder)builder[firstColumn + 1], _run, rows);
        var numbers = (FixedBuilder<long>)builder[firstColumn + 2];
        var places = numbers.Reserve(rows);
        for (var i = 0; i < places.Length; i++)
            places[i] = firstRow + i;
        numbers.Commit(rows, default);
        var moments = (FixedBuilder<long>)builder[firstColumn + 3];
        moments.Reserve(rows).Fill(_knownAt);
        moments.Commit(rows, default);
    }

    static void Repeat(BytesBuilder column, ReadOnlySpan<byte> value, int rows)
    {
        column.Reserve(rows, checked(rows * value.Length), out var ends, out var data);
        for (var i = 0; i < ends.Length; i++)
        {
            value.CopyTo(data[(i * value.Length)..]);
            ends[i] = (i + 1) * value.Length;
        }

        column.Commit(rows, default);
    }
}
