using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Turns rows of Parquet parts into <see cref="MergeRow"/>s. Not thread-safe.</summary>
internal sealed class BatchEncoder
{
    readonly RowLayout _layout;
    readonly string _from;
    readonly int[] _places;
    readonly OrderedBytesWriter _writer = new();

    /// <param name="layout">What the rows become.</param>
    /// <param name="schema">What the part has.</param>
    /// <param name="from">The part, for messages.</param>
    /// <exception cref="StepFailedException">A column that must not be null is missing, or a type does not fit.</exception>
    public BatchEncoder(RowLayout layout, DataSchema schema, string from)
    {
        _layout = layout;
        _from = from;
        _places = [.. layout.Contributions.Select((_, i) => i < layout.Snapshot.Count ? PlaceOf(schema, layout.Snapshot[i]) : schema.IndexOf(layout.Contributions[i].Name))];
    }

    /// <summary>One row.</summary>
    public MergeRow Row(RecordBatch batch, int row)
    {
        _writer.Clear();
        foreach (var key in _layout.KeyColumns)
            Write(batch, row, key);
        var keyLength = _writer.Length;
        Write(batch, row, _layout.Snapshot.IndexOf(RowLayout.Source));
        var sourceLength = _writer.Length - keyLength;
        WriteLearned(batch, row, RowLayout.KnownAt, RowLayout.Run, RowLayout.Row);
        var learnedLength = _writer.Length - keyLength - sourceLength;
        foreach (var column in _layout.DataColumns)
            Write(batch, row, column);
        return new(_writer.ToArray(), keyLength, sourceLength, learnedLength);
    }

    /// <summary>One row of a previous snapshot's contributions.</summary>
    public Contribution Contribution(RecordBatch batch, int row)
    {
        var said = Row(batch, row);
        _writer.Clear();
        WriteLearned(batch, row, RowLayout.SeenAt, RowLayout.SeenRun, RowLayout.SeenRow);
        var seen = _writer.ToArray();
        if (batch.Columns[_places[_layout.Contributions.IndexOf(RowLayout.OtherAt)]].IsNull(row))
            return new(said, seen, null);
        _writer.Clear();
        WriteLearned(batch, row, RowLayout.OtherAt, RowLayout.OtherRun, RowLayout.OtherRow);
        return new(said, seen, _writer.ToArray());
    }

    void WriteLearned(RecordBatch batch, int row, string at, string run, string place)
    {
        Write(batch, row, _layout.Contributions.IndexOf(at));
        Write(batch, row, _layout.Contributions.IndexOf(run));
        Write(batch, row, _layout.Contributions.IndexOf(place));
    }

    void Write(RecordBatch batch, int row, int column)
    {
        var target = _layout.Contributions[column];
        if (_places[column] < 0)
        {
            _writer.WriteNull();
            return;
        }

        var values = batch.Columns[_places[column]];
        if (!target.Nullable && values.IsNull(row))
            throw Unfit("row-incomplete", $"{Where(batch, row)}: the column '{target.Name}' has no value, and dataset '{_layout.Dataset}' does not allow that. Convert the run anew, so that the row is quarantined, or make the column nullable.");
        if (!CellCodec.TryWrite(_writer, values, row, target.Type))
            throw Unfit("value-unfit", $"{Where(batch, row)}: '{values.GetText(row)}' in the column '{target.Name}' does not fit exactly into {target.Type} of dataset '{_layout.Dataset}'. Widen the column in the dataset's configuration.");
    }

    int PlaceOf(DataSchema schema, DataColumn column)
    {
        var place = schema.IndexOf(column.Name);
        if (place < 0)
        {
            return column.Nullable ? place : throw Unfit(
                "column-missing", $"{_from} lacks the column '{column.Name}', which dataset '{_layout.Dataset}' must have; it has {string.Join(", ", schema.Select(c => c.Name))}.");
        }

        return CellCodec.CanConvert(schema[place].Type, column.Type) ? place : throw Unfit(
            "type-unfit", $"{_from}: the column '{column.Name}' is {schema[place].Type}, and dataset '{_layout.Dataset}' expects {column.Type}. Convert the run anew with the dataset as it is now.");
    }

    string Where(RecordBatch batch, int row)
    {
        var place = batch.Schema.IndexOf(RowLayout.Row);
        return place < 0 ? _from : $"{_from}, row {batch.Columns[place].GetText(row)}";
    }

    static StepFailedException Unfit(string code, string message) => new(new() { Code = code, Message = message });
}
