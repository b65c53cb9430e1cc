namespace DataIngestion.Merge;

/// <summary>
/// Sorts more rows than fit into memory: what exceeds the buffer is spilled, sorted, to temporary files, which are merged when read.
/// Disposing removes the files.
/// </summary>
internal sealed class SortedRows(string folder, int bufferBytes) : IDisposable
{
    // What an object, its array and its place in the list cost beside the bytes.
    const int RowOverhead = 96;
    const int FileBuffer = 1 << 16;
    const int MaxFiles = 64;

    readonly List<MergeRow> _buffer = [];
    readonly List<FileStream> _files = [];
    long _buffered;

    /// <summary>Rows added.</summary>
    public long Count { get; private set; }

    /// <summary>Files that were needed; 0 when everything fitted into the buffer.</summary>
    public int Spills => _files.Count;

    public void Add(MergeRow row)
    {
        _buffer.Add(row);
        _buffered += row.Bytes.Length + RowOverhead;
        Count++;
        if (_buffered >= bufferBytes)
            Spill();
    }

    /// <summary>All rows in order. Read once, after the last <see cref="Add"/>.</summary>
    public IEnumerable<MergeRow> Read()
    {
        _buffer.Sort(MergeRow.Order);
        return _files.Count == 0 ? _buffer : Merge([.. _files.Select(ReadFile), _buffer]);
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
        _files.Clear();
        _buffer.Clear();
    }

    void Spill()
    {
        // Too many open files cost more than writing the rows once more.
        if (_files.Count == MaxFiles)
        {
            var all = Create();
            Write(Merge([.. _files.Select(ReadFile)]), all);
            foreach (var file in _files)
                file.Dispose();
            _files.Clear();
            _files.Add(all);
        }

        _buffer.Sort(MergeRow.Order);
        var next = Create();
        Write(_buffer, next);
        _files.Add(next);
        _buffer.Clear();
        _buffered = 0;
    }

    FileStream Create() => new(
        Path.Combine(folder, $"rows-{Path.GetRandomFileName()}"),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = FileBuffer, Options = FileOptions.DeleteOnClose });

    static void Write(IEnumerable<MergeRow> rows, FileStream file)
    {
        using var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (var row in rows)
        {
            writer.Write7BitEncodedInt(row.Bytes.Length);
            writer.Write7BitEncodedInt(row.KeyLength);
            writer.Write7BitEncodedInt(row.SourceLength);
            writer.Write7BitEncodedInt(row.LearnedLength);
            writer.Write(row.Bytes);
        }
    }

    static IEnumerable<MergeRow> ReadFile(FileStream file)
    {
        file.Position = 0;
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        while (file.Position < file.Length)
        {
            var length = reader.Read7BitEncodedInt();
            var (key, source, learned) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            yield return new(reader.ReadBytes(length), key, source, learned);
        }
    }

    static IEnumerable<MergeRow> Merge(IReadOnlyList<IEnumerable<MergeRow>> inputs)
    {
        var cursors = new List<IEnumerator<MergeRow>>(inputs.Count);
        try
        {
            var next = new PriorityQueue<IEnumerator<MergeRow>, MergeRow>(MergeRow.Order);
            foreach (var input in inputs)
            {
                var cursor = input.GetEnumerator();
                cursors.Add(cursor);
                if (cursor.MoveNext())
                    next.Enqueue(cursor, cursor.Current);
            }

            while (next.TryDequeue(out var cursor, out var row))
            {
                yield return row;
                if (cursor.MoveNext())
                    next.Enqueue(cursor, cursor.Current);
            }
        }
        finally
        {
            foreach (var cursor in cursors)
                cursor.Dispose();
        }
    }
}
