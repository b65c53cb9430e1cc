using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>The values of one dictionary: as many parts as batches gave it.</summary>
internal sealed class DictionaryValues
{
    readonly List<(long Start, ColumnVector Values)> _parts = [];

    /// <summary>How many values there are.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value, in bytes, roughly; what repeating values may take follows from it.</summary>
    public long Largest { get; private set; }

    public void Add(ColumnVector values)
    {
        if (values.Count == 0)
            return;
        _parts.Add((Count, values));
        Count += values.Count;
        for (var row = 0; row < values.Count; row++)
            Largest = Math.Max(Largest, SizeOf(values, row));
    }

    /// <summary>Where a value lies.</summary>
    /// <exception cref="InvalidDataException">There is no such value.</exception>
    public (ColumnVector Values, int Row) this[long index]
    {
        get
        {
            if (index < 0 || index >= Count)
                throw new InvalidDataException($"A column of an Arrow batch speaks of value {index} of a dictionary that has {Count}.");
            var (low, high) = (0, _parts.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (_parts[middle].Start <= index)
                    low = middle;
                else
                    high = middle - 1;
            }

            return (_parts[low].Values, (int)(index - _parts[low].Start));
        }
    }

    public long SizeOf(long index) => this[index] is var (values, row) ? SizeOf(values, row) : 0;

    static long SizeOf(ColumnVector values, int row)
    {
        switch (values)
        {
            case BytesColumn bytes:
                return 4L + bytes.Offsets[row + 1] - bytes.Offsets[row];
            case ListColumn list:
                var sum = 4L;
                for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
                    sum += SizeOf(list.Elements, i);
                return sum;
            case StructColumn fields:
                return fields.Fields.Sum(f => SizeOf(f, row));
            default:
                return 16;
        }
    }
}
