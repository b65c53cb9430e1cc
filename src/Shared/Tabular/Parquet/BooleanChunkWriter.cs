namespace DataIngestion.Tabular.Parquet;

internal sealed class BooleanChunkWriter : ChunkWriter
{
    readonly ByteSink _bits = new();
    int _count;
    bool _hasFalse;
    bool _hasTrue;

    public BooleanChunkWriter(PhysicalColumn column, ParquetWriteOptions options)
        : base(column, options) => UsesDictionary = false;

    protected override long OpenPageBytes => _bits.Length;

    protected override void AddValues(ColumnVector values, int start, int length)
    {
        var flags = ((FixedColumn<bool>)values).Values;
        for (var row = start; row < start + length; row++)
        {
            if (values.IsNull(row))
                continue;
            if ((_count & 7) == 0)
                _bits.Write([(byte)0]);
            if (flags[row])
                _bits.Or(_count >> 3, (byte)(1 << (_count & 7)));
            _hasTrue |= flags[row];
            _hasFalse |= !flags[row];
            _count++;
        }
    }

    protected override void ReviewDictionary()
    {
    }

    protected override void AfterPage()
    {
    }

    protected override void WritePlain(ByteSink output) => output.Write(_bits.Span);

    protected override void WriteIndices(ByteSink output) => throw new InvalidOperationException("Booleans have no dictionary.");

    protected override int WriteDictionary(ByteSink output) => throw new InvalidOperationException("Booleans have no dictionary.");

    protected override void ClearPage()
    {
        _bits.Clear();
        _count = 0;
    }

    protected override void ClearChunk() => (_hasFalse, _hasTrue) = (false, false);

    protected override (byte[]? Min, byte[]? Max) Bounds() =>
        _hasFalse || _hasTrue ? ([_hasFalse ? (byte)0 : (byte)1], [_hasTrue ? (byte)1 : (byte)0]) : default;

    private protected override void Release() => _bits.Dispose();
}
