namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Reads one column of a row group, flat or nested.</summary>
internal sealed class ColumnReader : IDisposable
{
    readonly ReadNode _node;
    readonly string _name;
    readonly ChunkReader[] _readers;
    readonly LeafBatch[] _batches;
    readonly ColumnBuilder? _flat;
    readonly Assembler? _assembler;
    readonly long _valuesPerRow;

    public ColumnReader(ReadNode node, string name, GroupInfo group, Func<Leaf, PageReader> open)
    {
        (_node, _name) = (node, name);
        _readers = [.. node.Leaves.Select(l => new ChunkReader(open(l), l, group.Chunks[l.Place].Values))];
        _valuesPerRow = 1 + (group.Rows == 0 ? 0 : node.Leaves.Max(l => group.Chunks[l.Place].Values) / group.Rows);
        if (node is LeafNode { IsFlat: true } flat)
        {
            _flat = ColumnBuilder.For(flat.Type);
            _batches = [];
            return;
        }

        _batches = [.. node.Leaves.Select(l => new LeafBatch(l))];
        _assembler = new(_batches.ToDictionary(b => b.Leaf.Place));
    }

    /// <summary>Bytes that a row may take in memory, as far as it is known.</summary>
    public async ValueTask<long> RowBytesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sum = 0L;
            foreach (var reader in _readers)
            {
                await reader.PrimeAsync(cancellationToken);
                sum += reader.LargestValue;
            }

            return sum * _valuesPerRow;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or NotSupportedException)
        {
            throw OfColumn(wrong);
        }
    }

    /// <summary>The next rows.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="isLast">Whether no rows follow in the row group.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async ValueTask<ColumnVector> ReadAsync(int rows, bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            if (_flat is not null)
            {
                await _readers[0].ReadFlatAsync(_flat, rows, cancellationToken);
                return _flat.Detach();
            }

            for (var i = 0; i < _readers.Length; i++)
            {
                _batches[i].Clear();
                await _readers[i].ReadNestedAsync(_batches[i], rows, isLast, cancellationToken);
            }

            return _assembler!.Build(_node, rows);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or NotSupportedException)
        {
            throw OfColumn(wrong);
        }
    }

    Exception OfColumn(Exception wrong) => wrong is NotSupportedException
        ? new NotSupportedException($"Column '{_name}': {wrong.Message}", wrong)
        : new InvalidDataException($"Column '{_name}': {wrong.Message}", wrong);

    public void Dispose()
    {
        Array.ForEach(_readers, r => r.Dispose());
        Array.ForEach(_batches, b => b.Dispose());
    }
}
