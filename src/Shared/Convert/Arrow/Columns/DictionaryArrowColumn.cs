using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Places in a dictionary, read as its values.</summary>
internal sealed class DictionaryArrowColumn(DataType type, ArrowDictionary dictionary, DictionaryStore store, bool isBigEndian) : ArrowColumn(type)
{
    readonly Places _places = new(dictionary.IndexBits / 8, dictionary.IsSigned, isBigEndian);
    ArrowBytes _indices = ArrowBytes.Empty;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _indices = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most)
    {
        var values = store[dictionary.Id];
        if (count * values.Largest <= most)
            return count * values.Largest;
        var sum = 0L;
        for (var at = start; at < start + count && sum <= most;)
        {
            var take = (int)Math.Min(4096, start + count - at);
            var nulls = Nulls(at, take, default);
            var places = _places.Read(_indices, at, take);
            for (var i = 0; i < take; i++)
                sum += IsSet(nulls, i) ? 4 : values.SizeOf(places[i]);
            at += take;
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var values = store[dictionary.Id];
        var nulls = Nulls(start, count, mask);
        var places = _places.Read(_indices, start, count);
        for (var i = 0; i < count; i++)
        {
            if (IsSet(nulls, i))
            {
                to.AppendNull();
                continue;
            }

            var (found, row) = values[places[i]];
            to.AppendFrom(found, row);
        }
    }

    public override bool HasNulls(long start, int count, ReadOnlySpan<byte> mask)
    {
        var values = store[dictionary.Id];
        var nulls = Nulls(start, count, default);
        var places = _places.Read(_indices, start, count);
        for (var i = 0; i < count; i++)
        {
            if (!IsSet(mask, i) && (IsSet(nulls, i) || (values[places[i]] is var (found, row) && found.IsNull(row))))
                return true;
        }

        return false;
    }
}
