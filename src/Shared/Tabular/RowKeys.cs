using System.Buffers;
using System.Buffers.Binary;

namespace DataIngestion.Tabular;

/// <summary>Rows as keys: by some columns, equal and ordered by value whatever the batch they lie in.</summary>
/// <param name="columns">Places of the key's columns, most significant first.</param>
public sealed class RowKeys(params int[] columns)
{
    /// <summary>The key columns by name.</summary>
    /// <exception cref="ArgumentException">The schema lacks one.</exception>
    public static RowKeys Of(DataSchema schema, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new([.. names.Select(n => schema.IndexOf(n) is >= 0 and var i ? i : throw new ArgumentException($"The schema has no column '{n}'.", nameof(names)))]);
    }

    /// <summary>Compares column by column, see <see cref="ColumnVector.Compare"/>.</summary>
    public int Compare(RecordBatch left, int leftRow, RecordBatch right, int rightRow)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        foreach (var column in columns)
        {
            if (left.Columns[column].Compare(leftRow, right.Columns[column], rightRow) is not 0 and var order)
                return order;
        }

        return 0;
    }

    /// <summary>A hash that is equal for equal keys and stable between processes.</summary>
    public ulong Hash(RecordBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var hash = 0UL;
        foreach (var column in columns)
            hash = CellHash.Combine(hash, batch.Columns[column].Hash(row));
        return hash;
    }

    /// <summary>
    /// Appends bytes that compare (unsigned, shorter first) as <see cref="Compare"/> does: to sort and spill, or as a dictionary key.
    /// Integers and decimals of any scale share one form.
    /// </summary>
    public void Encode(RecordBatch batch, int row, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var column in columns)
            Encode(batch.Columns[column], row, output);
    }

    static void Encode(ColumnVector column, int row, IBufferWriter<byte> output)
    {
        if (column.IsNull(row))
        {
            output.Write([(byte)0]);
            return;
        }

        output.Write([(byte)1]);
        switch (column)
        {
            case BytesColumn bytes:
                EncodeBytes(bytes[row], output);
                break;
            case FixedColumn<bool> flags:
                output.Write([flags.Values[row] ? (byte)1 : (byte)0]);
                break;
            case FixedColumn<double> numbers:
                EncodeDouble(numbers.Values[row], output);
                break;
            case FixedColumn<float> numbers:
                EncodeDouble(numbers.Values[row], output);
                break;
            case FixedColumn<ulong> numbers:
                EncodeDecimal(numbers.GetDecimal(row), output);
                break;
            case ListColumn list:
                for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
                {
                    output.Write([(byte)1]);
                    Encode(list.Elements, i, output);
                }

                output.Write([(byte)0]);
                break;
            case StructColumn fields:
                foreach (var field in fields.Fields)
                    Encode(field, row, output);
                break;
            case FixedColumn<Int128> wide:
                EncodeDecimal(wide.GetDecimal(row), output);
                break;
            case FixedColumn<long> { Type.IsExactNumber: true } exact:
                EncodeDecimal(exact.GetDecimal(row), output);
                break;
            case FixedColumn<long> moments:
                EncodeWide((Int128)moments.Values[row] * (1_000_000_000 / moments.Type.UnitsPerSecond), output);
                break;
            case FixedColumn<int> { Type.Kind: DataKind.Date } days:
                EncodeUnsigned((ulong)((long)days.Values[row] ^ long.MinValue), output);
                break;
            case FixedColumn<int> numbers:
                EncodeDecimal(new(numbers.Values[row], 0), output);
                break;
            case FixedColumn<short> numbers:
                EncodeDecimal(new(numbers.Values[row], 0), output);
                break;
            case FixedColumn<sbyte> numbers:
                EncodeDecimal(new(numbers.Values[row], 0), output);
                break;
            default:
                throw new ArgumentException($"A {column.Type} cannot be part of a key.", nameof(column));
        }
    }

    static void EncodeDouble(double value, IBufferWriter<byte> output)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        EncodeUnsigned((ulong)(bits < 0 ? ~bits : bits ^ long.MinValue), output);
    }

    static void EncodeUnsigned(ulong value, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    static void EncodeWide(Int128 value, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt128BigEndian(output.GetSpan(16), (UInt128)(value ^ Int128.MinValue));
        output.Advance(16);
    }

    /// <summary>Zero bytes become 0,255 and the end 0,0, so that a prefix sorts first.</summary>
    static void EncodeBytes(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (bytes.IndexOf((byte)0) is >= 0 and var zero)
        {
            output.Write(bytes[..zero]);
            output.Write([(byte)0, (byte)255]);
            bytes = bytes[(zero + 1)..];
        }

        output.Write(bytes);
        output.Write([(byte)0, (byte)0]);
    }

    /// <summary>Sign, place of the leading digit, digits: the same for 1.5 and 1.50. Negative numbers are complemented.</summary>
    static void EncodeDecimal(ExactDecimal value, IBufferWriter<byte> output)
    {
        if (value.Unscaled == 0)
        {
            output.Write([(byte)1]);
            return;
        }

        var negative = value.Unscaled < 0;
        Span<char> digits = stackalloc char[40];
        _ = UInt128.CreateTruncating(Int128.Abs(value.Unscaled)).TryFormat(digits, out var length);
        var mask = negative ? (byte)255 : (byte)0;
        var span = output.GetSpan(44);
        span[0] = negative ? (byte)0 : (byte)2;
        span[1] = (byte)((length - value.Scale + 64) ^ mask);
        var significant = ((ReadOnlySpan<char>)digits[..length]).TrimEnd('0');
        for (var i = 0; i < significant.Length; i++)
            span[2 + i] = (byte)((significant[i] - '0' + 1) ^ mask);
        span[2 + significant.Length] = mask;
        output.Advance(3 + significant.Length);
    }
}
