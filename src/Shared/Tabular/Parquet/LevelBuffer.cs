namespace DataIngestion.Tabular.Parquet;

/// <summary>Which rows of a page have a value. Bits exist only from the first null on.</summary>
internal sealed class LevelBuffer
{
    byte[] _bits = new byte[1024];

    public int Rows { get; private set; }

    public int Nulls { get; private set; }

    public void Append(ColumnVector column, int start, int length)
    {
        if (column.NullCount == 0 && Nulls == 0)
        {
            Rows += length;
            return;
        }

        for (var row = start; row < start + length; row++)
            Append(!column.IsNull(row));
    }

    void Append(bool valid)
    {
        if (!valid && Nulls == 0)
        {
            Reserve();
            _bits.AsSpan(0, (Rows >> 3) + 1).Fill(0xFF);
        }

        if (!valid || Nulls > 0)
        {
            Reserve();
            if (valid)
            {
                _bits[Rows >> 3] |= (byte)(1 << (Rows & 7));
            }
            else
            {
                _bits[Rows >> 3] &= (byte)~(1 << (Rows & 7));
                Nulls++;
            }
        }

        Rows++;
    }

    /// <summary>Writes the definition levels with their length, and starts again.</summary>
    public void Flush(ByteSink output)
    {
        var start = output.Length;
        output.WriteInt32(0);
        if (Nulls == 0 || Nulls == Rows)
        {
            output.WriteVarint((uint)Rows << 1);
            output.Write([Nulls == 0 ? (byte)1 : (byte)0]);
        }
        else
        {
            var bytes = (Rows + 7) / 8;
            if ((Rows & 7) != 0)
                _bits[bytes - 1] &= (byte)((1 << (Rows & 7)) - 1);
            output.WriteVarint(((uint)bytes << 1) | 1);
            output.Write(_bits.AsSpan(0, bytes));
        }

        output.PatchInt32(start, output.Length - start - 4);
        Reset();
    }

    public void Reset() => (Rows, Nulls) = (0, 0);

    void Reserve()
    {
        if (Rows >> 3 >= _bits.Length)
            Array.Resize(ref _bits, _bits.Length * 2);
    }
}
