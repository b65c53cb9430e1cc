namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Which rows of some records have no value in one column.</summary>
internal sealed class NullBits
{
    byte[] _bits = [];
    bool _any;

    /// <summary>One bit a row, set where there is no value; empty if no row is so.</summary>
    public ReadOnlySpan<byte> Bits => _any ? _bits : default;

    public void Clear(int rows)
    {
        if (_bits.Length * 8 < rows)
            _bits = new byte[(rows + 7) / 8 * 2];
        else if (_any)
            Array.Clear(_bits);
        _any = false;
    }

    public void Set(int row)
    {
        _any = true;
        _bits[row >> 3] |= (byte)(1 << (row & 7));
    }
}
