namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Reads one leaf of a row group, row by row as its levels say.</summary>
internal sealed class ChunkReader : IDisposable
{
    const int Piece = 4096;
    readonly PageReader _pages;
    readonly LeafDecoder _decoder;
    readonly LevelReader _repetition;
    readonly LevelReader _definition;
    readonly Leaf _leaf;
    readonly byte[] _levels = new byte[Piece];
    long _valuesLeft;
    int _pageLeft;
    bool _isPrimed;
    byte[] _aheadRepetition = [];
    byte[] _aheadDefinition = [];
    int _aheadAt;
    int _aheadCount;

    public ChunkReader(PageReader pages, Leaf leaf, long values)
    {
        (_pages, _leaf, _valuesLeft) = (pages, leaf, values);
        _decoder = LeafDecoders.For(leaf.Element, leaf.Type);
        _repetition = new(leaf.MaxRepetition);
        _definition = new(leaf.MaxDefinition);
    }

    /// <summary>Reads the first page, so that <see cref="LargestValue"/> is known.</summary>
    public async ValueTask PrimeAsync(CancellationToken cancellationToken)
    {
        if (!_isPrimed && _valuesLeft > 0)
            await NextPageAsync(cancellationToken);
        _isPrimed = true;
    }

    /// <summary>As <see cref="LeafDecoder.LargestValue"/>.</summary>
    public long LargestValue => _decoder.LargestValue;

    /// <summary>Adds the next rows of a column that is neither nested nor repeated.</summary>
    public async ValueTask ReadFlatAsync(ColumnBuilder output, int rows, CancellationToken cancellationToken)
    {
        while (rows > 0)
        {
            if (_pageLeft == 0)
            {
                await NextPageAsync(cancellationToken);
                continue;
            }

            var take = Math.Min(rows, _pageLeft);
            Emit(output, take);
            _pageLeft -= take;
            _valuesLeft -= take;
            rows -= take;
        }
    }

    void Emit(ColumnBuilder output, int count)
    {
        while (count > 0)
        {
            var run = _definition.TakeRun(count, out var level);
            if (run == 0)
            {
                run = Math.Min(count, Piece);
                var levels = _levels.AsSpan(0, run);
                _definition.Read(levels);
                _decoder.Read(output, levels, _leaf.MaxDefinition);
            }
            else if (level == _leaf.MaxDefinition)
            {
                _decoder.Read(output, run);
            }
            else
            {
                ((IDenseBuilder)output).AppendNulls(run);
            }

            count -= run;
        }
    }

    /// <summary>Adds the levels and values of the next rows.</summary>
    /// <param name="output">Takes them.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="isLast">Whether no rows follow in the row group.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async ValueTask ReadNestedAsync(LeafBatch output, int rows, bool isLast, CancellationToken cancellationToken)
    {
        var begun = 0;
        while (true)
        {
            if (_aheadAt == _aheadCount && !await LookAheadAsync(cancellationToken))
                break;
            var take = Scan(rows, ref begun);
            output.Append(_aheadRepetition.AsSpan(_aheadAt, take), _aheadDefinition.AsSpan(_aheadAt, take));
            var dense = _aheadDefinition.AsSpan(_aheadAt, take).Count(_leaf.MaxDefinition);
            if (dense > 0)
                _decoder.Read(output.Values, dense);
            _aheadAt += take;
            if (_aheadAt < _aheadCount)
                break;
        }

        if (begun != rows || (isLast && _aheadAt < _aheadCount))
            throw new InvalidDataException($"The column has {(begun < rows ? "fewer" : "more")} rows than its row group.");
    }

    /// <summary>How many of the entries at hand belong to the rows wanted.</summary>
    int Scan(int rows, ref int begun)
    {
        var at = _aheadAt;
        if (begun == 0 && at < _aheadCount && _aheadRepetition[at] != 0)
            throw new InvalidDataException("A column begins inside a row.");
        while (at < _aheadCount)
        {
            if (_aheadRepetition[at] == 0 && ++begun > rows)
            {
                begun--;
                break;
            }

            at++;
        }

        return at - _aheadAt;
    }

    /// <summary>Decodes the levels of some entries; false at the end of the column.</summary>
    async ValueTask<bool> LookAheadAsync(CancellationToken cancellationToken)
    {
        while (_pageLeft == 0)
        {
            if (_valuesLeft <= 0)
                return false;
            await NextPageAsync(cancellationToken);
        }

        if (_aheadRepetition.Length == 0)
            (_aheadRepetition, _aheadDefinition) = (new byte[Piece], new byte[Piece]);
        (_aheadAt, _aheadCount) = (0, Math.Min(Piece, _pageLeft));
        _repetition.Read(_aheadRepetition.AsSpan(0, _aheadCount));
        _definition.Read(_aheadDefinition.AsSpan(0, _aheadCount));
        _pageLeft -= _aheadCount;
        _valuesLeft -= _aheadCount;
        return true;
    }

    async ValueTask NextPageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await _pages.NextAsync(cancellationToken);
            if (page.Header.Type == PageType.Dictionary)
            {
                if (page.Header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
                    throw new InvalidDataException($"A dictionary cannot be in encoding number {(int)page.Header.Encoding}.");
                _decoder.SetDictionary(page.Rest, page.Header.Values);
                continue;
            }

            Open(page);
            return;
        }
    }

    void Open(OpenPage page)
    {
        var header = page.Header;
        if (header.Values > _valuesLeft)
            throw new InvalidDataException($"A page has {header.Values} values where the column has {_valuesLeft} left.");
        var values = page.Rest;
        if (header.Type == PageType.Data)
        {
            values = values[_repetition.Open(values, header.RepetitionEncoding, header.Values)..];
            values = values[_definition.Open(values, header.DefinitionEncoding, header.Values)..];
        }
        else
        {
            _repetition.OpenRuns(page.Repetition);
            _definition.OpenRuns(page.Definition);
        }

        _pageLeft = header.Values;
        _decoder.SetPage(values, header.Values, header.Encoding);
    }

    public void Dispose() => _pages.Dispose();
}
