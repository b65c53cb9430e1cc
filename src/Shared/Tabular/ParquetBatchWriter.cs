using DataIngestion.Tabular.Parquet;
using DataIngestion.Tabular.Parquet.Nesting;

namespace DataIngestion.Tabular;

/// <summary>What was written.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="RowGroups">Its row groups.</param>
public sealed record ParquetSummary(long Rows, long Bytes, int RowGroups) : WriteSummary(Rows, Bytes);

/// <summary>
/// Writes batches to a Parquet file: zstd, the encoding of each column chosen by its values, statistics per row group. The stream need not be seekable and is left open.
/// Memory holds one compressed row group. A file that was not completed has no footer and cannot be read as one.
/// </summary>
public sealed class ParquetBatchWriter : IBatchWriter
{
    static readonly byte[] Magic = "PAR1"u8.ToArray();
    readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);
    readonly Stream _output;
    readonly ParquetWriteOptions _options;
    readonly PhysicalColumn[] _physical;
    readonly int[] _columnOf;
    readonly ChunkWriter[] _chunks;
    readonly PageCompressor _compressor;
    readonly List<RowGroupModel> _groups = [];
    readonly int[] _sortedBy;
    readonly SortWatch _sort;
    long _position;
    long _rows;
    int _groupRows;
    bool _completed;

    ParquetBatchWriter(Stream output, DataSchema schema, ParquetWriteOptions options)
    {
        _output = output;
        options = options with { PageRows = options.PageRowsFor(schema.Count) };
        _options = options;
        Schema = schema;
        var leaves = schema.Select(c => LeafColumns.Of(c).ToArray()).ToArray();
        _physical = [.. leaves.SelectMany(l => l)];
        _columnOf = [.. leaves.SelectMany((l, i) => Enumerable.Repeat(i, l.Length))];
        _compressor = new(options.Compression, options.CompressionLevel);
        _chunks = [.. _physical.Select(c => new ChunkWriter(c, options, _compressor))];
        _sortedBy = Sorted(schema, options);
        _sort = new(schema, _sortedBy);
    }

    static int[] Sorted(DataSchema schema, ParquetWriteOptions options)
    {
        if (options.SortedBy is null)
            return schema.Count > 0 && Orders(schema[0].Type) ? [0] : [];
        return [.. options.SortedBy.Select(c => schema.IndexOf(c) is >= 0 and var place && Orders(schema[place].Type)
            ? place
            : throw new ArgumentException($"The file cannot be sorted by '{c}': there is no such column, or its type has no order.", nameof(options)))];
    }

    /// <summary>Numbers with NaN have no order that all systems share.</summary>
    static bool Orders(DataType type) => type.Kind is not (DataKind.Float or DataKind.Double or DataKind.List or DataKind.Struct);

    /// <summary>The columns of the file.</summary>
    public DataSchema Schema { get; }

    /// <summary>Begins a file. Nothing is written before the first row group is full or the file completed.</summary>
    public static ParquetBatchWriter Create(Stream output, DataSchema schema, ParquetWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(schema);
        return new(output, schema, options ?? new());
    }

    /// <summary>Adds the rows of a batch with this writer's schema. The batch stays the caller's.</summary>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_completed, this);
        if (!ReferenceEquals(batch.Schema, Schema) && !batch.Schema.Equals(Schema))
            throw new ArgumentException($"The batch has other columns than the file.\nfile:\n{Schema}\nbatch:\n{batch.Schema}", nameof(batch));
        for (var start = 0; start < batch.Count;)
        {
            // All columns end a page here, so that row groups may end at places that do not depend on batches.
            var pageEnd = Math.Min(_options.RowGroupRows, (_groupRows / _options.PageRows + 1) * _options.PageRows);
            var take = Math.Min(batch.Count - start, pageEnd - _groupRows);
            Append(batch, start, take, _groupRows + take == pageEnd, cancellationToken);
            start += take;
            _groupRows += take;
            if (_groupRows == _options.RowGroupRows || (_groupRows == pageEnd && _chunks.Sum(c => c.Buffered) >= _options.RowGroupBytes))
                await EndGroupAsync(cancellationToken);
        }
    }

    void Append(RecordBatch batch, int start, int take, bool endsPage, CancellationToken cancellationToken)
    {
        if (_options.Threads <= 1 || _chunks.Length == 1)
        {
            for (var i = 0; i <= _chunks.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AppendColumn(i);
            }
        }
        else
        {
            // The caller's scheduler, so that its limit of threads holds for encoding too; the calling thread takes part.
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellationToken };
            Parallel.For(0, _chunks.Length + 1, parallel, AppendColumn);
        }

        void AppendColumn(int column)
        {
            if (column == _chunks.Length)
            {
                _sort.Add(batch, start, take);
                return;
            }

            _chunks[column].Append(batch.Columns[_columnOf[column]], start, take);
            if (endsPage)
                _chunks[column].EndPage();
        }
    }

    async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_groupRows == 0)
            return;
        await BeginFileAsync(cancellationToken);
        var models = new ChunkModel[_chunks.Length];
        for (var i = 0; i < _chunks.Length; i++)
        {
            models[i] = _chunks[i].Finish(_position);
            await _chunks[i].CopyToAsync(_output, cancellationToken);
            _position += models[i].Compressed;
        }

        _groups.Add(new(models, _groupRows, _sort.IsSorted ? [.. _sortedBy.Select(c => Array.IndexOf(_columnOf, c))] : []));
        _sort.Restart();
        _rows += _groupRows;
        _groupRows = 0;
    }

    async ValueTask BeginFileAsync(CancellationToken cancellationToken)
    {
        if (_position > 0)
            return;
        await _output.WriteAsync(Magic, cancellationToken);
        _position = Magic.Length;
    }

    /// <summary>Adds key-value metadata to the footer that is known only when the rows are.</summary>
    public void Annotate(string key, string value)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        _annotations[key] = value;
    }

    /// <summary>Writes what is left and the footer, and flushes the stream.</summary>
    public async ValueTask<ParquetSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        await EndGroupAsync(cancellationToken);
        await BeginFileAsync(cancellationToken);
        var index = PageIndexWriter.Write(_groups, _position, out var places);
        await _output.WriteAsync(index, cancellationToken);
        _position += index.Length;
        var metadata = _options.Metadata.Where(m => !_annotations.ContainsKey(m.Key)).Concat(_annotations);
        var footer = FooterWriter.Write(Schema, _physical, _groups, places, SchemaNote.Add(Schema, metadata));
        await _output.WriteAsync(footer, cancellationToken);
        await _output.WriteAsync(BitConverter.GetBytes(footer.Length), cancellationToken);
        await _output.WriteAsync(Magic, cancellationToken);
        await _output.FlushAsync(cancellationToken);
        _completed = true;
        return new(_rows, _position + footer.Length + 8, _groups.Count);
    }

    async ValueTask<WriteSummary> IBatchWriter.CompleteAsync(CancellationToken cancellationToken) => await CompleteAsync(cancellationToken);

    /// <summary>Gives the memory back; does not complete the file.</summary>
    public ValueTask DisposeAsync()
    {
        _completed = true;
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _sort.Restart();
        _compressor.Dispose();
        return ValueTask.CompletedTask;
    }
}
