using System.Text.Unicode;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Text or bytes, one after the other, and where each begins.</summary>
internal sealed class BytesArrowColumn(DataType type, bool isLarge, bool isBigEndian) : ArrowColumn(type)
{
    readonly Places _places = new(isLarge ? 8 : 4, isSigned: true, isBigEndian);
    readonly bool _isText = type.Kind == DataKind.String;
    ArrowBytes _offsets = ArrowBytes.Empty;
    ArrowBytes _data = ArrowBytes.Empty;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _offsets = body.NextBuffer();
        _data = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most)
    {
        if (count == 0)
            return 0;
        var (first, last) = (_places.Read(_offsets, start, 1)[0], _places.Read(_offsets, start + count, 1)[0]);
        return last < first ? throw Backwards() : last - first + (4 * count);
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        if (count == 0)
            return;
        var builder = (BytesBuilder)to;
        var nulls = Nulls(start, count, mask);
        var offsets = _places.Read(_offsets, start, count + 1);
        for (var i = 0; i < count; i++)
        {
            if (offsets[i + 1] < offsets[i])
                throw Backwards();
        }

        var bytes = _data.Slice(offsets[0], offsets[count] - offsets[0]);
        if (HasHidden(offsets, nulls) || (_isText && !IsText(bytes, offsets)))
        {
            for (var i = 0; i < count; i++)
            {
                if (IsSet(nulls, i))
                    builder.AppendNull();
                else
                    builder.Append(Checked(bytes[(int)(offsets[i] - offsets[0])..(int)(offsets[i + 1] - offsets[0])]));
            }

            return;
        }

        builder.Reserve(count, bytes.Length, out var ends, out var data);
        bytes.CopyTo(data);
        for (var i = 0; i < count; i++)
            ends[i] = (int)(offsets[i + 1] - offsets[0]);
        builder.Commit(count, nulls);
    }

    /// <summary>Whether bytes lie where there is no value.</summary>
    static bool HasHidden(ReadOnlySpan<long> offsets, ReadOnlySpan<byte> nulls)
    {
        for (var i = 0; i < offsets.Length - 1 && nulls.Length > 0; i++)
        {
            if (IsSet(nulls, i) && offsets[i + 1] != offsets[i])
                return true;
        }

        return false;
    }

    /// <summary>Whether all values are text: together, and none ends inside a character.</summary>
    static bool IsText(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> offsets)
    {
        if (!Utf8.IsValid(bytes))
            return false;
        foreach (var offset in offsets)
        {
            if (offset - offsets[0] < bytes.Length && (bytes[(int)(offset - offsets[0])] & 0xC0) == 0x80)
                return false;
        }

        return true;
    }

    ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> value) => !_isText || Utf8.IsValid(value) ? value : throw NoText();

    public static InvalidDataException NoText() => new("A text column of an Arrow batch holds bytes that are not UTF-8.");

    static InvalidDataException Backwards() => new("The offsets of a column of an Arrow batch go backwards.");
}
