namespace DataIngestion.Conversion.Sas;

/// <summary>
/// The rows of one data set: they follow each other without regard to records, up to the record that begins another data set. Its last record is filled up with blanks:
/// rows of blanks that begin there are none.
/// </summary>
internal sealed class XptRows
{
    const int Records = 4096;
    readonly Stream _content;
    readonly byte[] _chunk = new byte[XptHeads.Record * Records];
    readonly byte[] _row;
    readonly byte[] _blankRow;
    readonly long _start;
    long _chunkStart;
    int _at;
    int _length;
    int _filled;
    long _rows;
    long _blank;
    bool _holds;
    bool _ended;

    /// <param name="content">Can be sought.</param>
    public XptRows(Stream content, XptDataset dataset)
    {
        (_content, _start, _chunkStart) = (content, dataset.FirstRow, dataset.FirstRow);
        (_row, _blankRow) = (new byte[dataset.RowBytes], new byte[dataset.RowBytes]);
        _blankRow.AsSpan().Fill((byte)' ');
    }

    /// <summary>Where the next data set begins, or the file ends; known at the end.</summary>
    public long End { get; private set; }

    /// <summary>The next row. Good until the next call.</summary>
    /// <returns>False at the end.</returns>
    public bool TryNext(out ReadOnlySpan<byte> row)
    {
        while (!_holds && !_ended)
        {
            if (!Fill())
                Finish();
            else if (_row.AsSpan().IndexOfAnyExcept((byte)' ') < 0)
                _blank++;
            else
                _holds = true;
        }

        row = _blank > 0 ? _blankRow : _row;
        if (_blank > 0)
        {
            _blank--;
            return true;
        }

        var held = _holds;
        _holds = false;
        return held;
    }

    /// <summary>Passes over the rows that are left.</summary>
    public void Skip()
    {
        while (Advance())
            _at = _length;
    }

    void Finish()
    {
        _ended = true;
        if (_row.AsSpan(0, _filled).IndexOfAnyExcept((byte)' ') >= 0)
            throw new InvalidDataException($"The SAS transport file is cut off in row {_rows + 1}.");
        var lastRecord = (End - 1 - _start) / XptHeads.Record * XptHeads.Record;
        for (; _blank > 0 && (_rows - 1) * _row.Length >= lastRecord; _rows--)
            _blank--;
    }

    bool Fill()
    {
        while (Advance())
        {
            var take = Math.Min(_row.Length - _filled, Math.Min(_length - _at, XptHeads.Record - (_at % XptHeads.Record)));
            _chunk.AsSpan(_at, take).CopyTo(_row.AsSpan(_filled));
            _at += take;
            _filled += take;
            if (_filled < _row.Length)
                continue;
            _filled = 0;
            _rows++;
            return true;
        }

        return false;
    }

    /// <summary>Whether there is more of the data set.</summary>
    bool Advance()
    {
        if (End > 0)
            return false;
        if (_at == _length)
        {
            _chunkStart += _length;
            _content.Position = _chunkStart;
            (_at, _length) = (0, _content.ReadAtLeast(_chunk, _chunk.Length, throwOnEndOfStream: false));
            var next = Next();
            if (next >= 0)
                _length = next;
            if (_length == 0 || next == 0)
            {
                End = _chunkStart;
                return false;
            }
        }

        return true;
    }

    /// <summary>Where another data set begins in what was read; -1 if none does.</summary>
    int Next()
    {
        for (var at = 0; at <= _length - XptHeads.Record; at += XptHeads.Record)
        {
            if (XptHeads.BeginsDataset(_chunk.AsSpan(at, XptHeads.Record)))
                return at;
        }

        return -1;
    }
}
