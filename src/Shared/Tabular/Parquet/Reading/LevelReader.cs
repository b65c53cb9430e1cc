namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Repetition or definition levels of a page, read as far as they are wanted.</summary>
/// <param name="max">The greatest level that the column can have.</param>
internal sealed class LevelReader(byte max)
{
    readonly RunReader _runs = new();
    readonly int _width = 8 - byte.LeadingZeroCount(max);
    ReadOnlyMemory<byte> _packed;
    long _bit;
    bool _isOld;

    /// <summary>Opens levels that stand before the values of a page, and says how many bytes they take.</summary>
    public int Open(ReadOnlyMemory<byte> page, PageEncoding encoding, int values)
    {
        if (max == 0)
            return 0;
        _isOld = encoding == PageEncoding.BitPacked;
        if (_isOld)
        {
            var bytes = ((long)values * _width + 7) / 8;
            if (bytes > page.Length)
                throw TooLong();
            (_packed, _bit) = (page[..(int)bytes], 0);
            return (int)bytes;
        }

        if (encoding != PageEncoding.Rle)
            throw new InvalidDataException($"Levels cannot be in encoding number {(int)encoding}.");
        if (page.Length < 4 || BitConverter.ToInt32(page.Span) is var length && (length < 0 || length > page.Length - 4))
            throw TooLong();
        length = BitConverter.ToInt32(page.Span);
        OpenRuns(page.Slice(4, length));
        return length + 4;
    }

    /// <summary>Opens levels whose length stands elsewhere.</summary>
    public void OpenRuns(ReadOnlyMemory<byte> bytes)
    {
        _isOld = false;
        _runs.Open(bytes, _width);
    }

    /// <summary>As <see cref="RunReader.TakeRun"/>.</summary>
    public int TakeRun(int most, out byte level)
    {
        level = 0;
        if (max == 0)
            return most;
        if (_isOld)
            return 0;
        var taken = _runs.TakeRun(most, out var value);
        if (taken > 0 && value > max)
            throw TooHigh();
        level = (byte)value;
        return taken;
    }

    public void Read(Span<byte> levels)
    {
        if (max == 0)
        {
            levels.Clear();
            return;
        }

        if (_isOld)
            ReadOld(levels);
        else
            _runs.Read(levels);
        if (max != (1 << _width) - 1 && levels.ContainsAnyExceptInRange((byte)0, max))
            throw TooHigh();
    }

    /// <summary>The form abandoned in 2013: packed from the most significant bit on.</summary>
    void ReadOld(Span<byte> levels)
    {
        var bytes = _packed.Span;
        for (var i = 0; i < levels.Length; i++)
        {
            var level = 0;
            for (var bit = 0; bit < _width; bit++, _bit++)
                level = (level << 1) | ((bytes[(int)(_bit >> 3)] >> (7 - (int)(_bit & 7))) & 1);
            levels[i] = (byte)level;
        }
    }

    static InvalidDataException TooLong() => new("A page's levels are longer than the page.");

    InvalidDataException TooHigh() => new($"A level is above {max}, the greatest that the column can have.");
}
