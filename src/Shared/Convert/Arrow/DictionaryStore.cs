using DataIngestion.Conversion.Arrow.Columns;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow;

/// <summary>
/// The dictionaries of a file or stream as they stand. A batch replaces its dictionary, or adds to it. One whose values have dictionaries of their own
/// is read when it is asked for: those may come later, or change.
/// </summary>
internal sealed class DictionaryStore
{
    /// <summary>All dictionaries together, in memory.</summary>
    const long MostBytes = 1L << 30;

    readonly Dictionary<long, Entry> _byId = [];

    sealed class Entry(DataType type, Func<ArrowColumn> column, bool isNested)
    {
        public DataType Type => type;

        public bool IsNested => isNested;

        public Func<ArrowColumn> Column => column;

        public List<ArrowColumn> Unread { get; } = [];

        public DictionaryValues? Values { get; set; }

        public long Bytes { get; set; }

        public bool IsBeingRead { get; set; }
    }

    /// <summary>Declares a dictionary of the schema.</summary>
    /// <exception cref="InvalidDataException">Another column has one of that number with other values.</exception>
    public void Declare(long id, ArrowField field, DataType type, Func<ArrowColumn> column)
    {
        if (_byId.TryGetValue(id, out var known) && known.Type != type)
            throw new InvalidDataException($"The Arrow dictionary {id} is one of {known.Type} and one of {type} (column '{field.Name}').");
        _byId.TryAdd(id, new(type, column, field.HasDictionariesInside));
    }

    /// <summary>Takes a dictionary batch.</summary>
    /// <returns>Whether its body is needed later.</returns>
    public bool Add(ArrowMessage message, ArrowBody body)
    {
        if (!_byId.TryGetValue(message.DictionaryId, out var entry))
            throw new InvalidDataException($"An Arrow batch is for the dictionary {message.DictionaryId}, which no column of the schema has.");
        var column = entry.Column();
        column.Bind(body);
        body.End();
        if (column.Rows < message.Batch!.Rows)
            throw new InvalidDataException($"An Arrow dictionary batch says that it has {message.Batch.Rows} rows; its column has {column.Rows}.");
        foreach (var nested in _byId.Values.Where(e => e.IsNested))
            nested.Values = null;
        if (!message.IsDelta)
        {
            entry.Values = null;
            entry.Unread.Clear();
        }

        if (entry.IsNested)
        {
            entry.Unread.Add(column);
            return true;
        }

        entry.Bytes = entry.Values is null ? 0 : entry.Bytes;
        entry.Values ??= new();
        Read(column, entry);
        return false;
    }

    /// <summary>A dictionary's values.</summary>
    /// <exception cref="InvalidDataException">There are none yet, or it holds itself.</exception>
    public DictionaryValues this[long id]
    {
        get
        {
            var entry = _byId[id];
            if (entry.Values is { } known)
                return known;
            if (entry.Unread.Count == 0)
                throw new InvalidDataException($"A column of an Arrow batch needs the dictionary {id}, which did not come before it.");
            if (entry.IsBeingRead)
                throw new InvalidDataException($"The Arrow dictionary {id} holds itself.");
            entry.IsBeingRead = true;
            (entry.Bytes, entry.Values) = (0, null);
            var values = new DictionaryValues();
            foreach (var column in entry.Unread)
                Read(column, entry, values);
            entry.IsBeingRead = false;
            return entry.Values = values;
        }
    }

    void Read(ArrowColumn column, Entry entry) => Read(column, entry, entry.Values!);

    void Read(ArrowColumn column, Entry entry, DictionaryValues to)
    {
        for (var start = 0L; start < column.Rows;)
        {
            var (rows, bytes) = BatchSize.Of(column.Rows - start, (at, count, most) => column.Measure(start + at, count, most));
            if ((entry.Bytes += bytes + rows) > MostBytes || _byId.Values.Sum(e => e.Bytes) > MostBytes)
                throw new NotSupportedException($"The dictionaries of the Arrow content take more than {MostBytes >> 20} MiB, which is not read: write the columns without them.");
            var builder = ColumnBuilder.For(column.Type);
            column.Append(builder, start, rows, default);
            to.Add(builder.Detach());
            start += rows;
        }
    }
}
