using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>
/// Finds keys that come more than once in a run, by 64-bit hashes. Memory holds a slice of the keys: a large run is read once for each slice.
/// </summary>
internal sealed class KeyRepeats(DatasetDefinition dataset, long rows)
{
    /// <summary>Keys of a slice: about 40 MB.</summary>
    internal const int SliceRows = 1 << 20;

    readonly Dictionary<ulong, ulong> _contentByKey = [];
    int _slice;

    /// <summary>Times that the rows have to be read.</summary>
    public int Slices { get; } = (int)Math.Max(1, (rows + SliceRows - 1) / SliceRows);

    /// <summary>Rows whose key an earlier row has with other values.</summary>
    public Finding Contradictions { get; } = new("the key is that of an earlier row with other values");

    /// <summary>Rows that say what an earlier one said: merged away without loss.</summary>
    public Finding Repetitions { get; } = new("the row repeats an earlier one", costs: false);

    public void Begin(int slice)
    {
        _slice = slice;
        _contentByKey.Clear();
    }

    /// <summary>Adds the rows of a batch. Rows without a whole key are left out: completeness tells of them.</summary>
    public void Check(RecordBatch batch, string file)
    {
        if (dataset.Keys.Any(k => batch.Schema.IndexOf(k) < 0))
            return;
        var keys = RowKeys.Of(batch.Schema, dataset.Keys);
        var content = RowKeys.Of(batch.Schema, dataset.Columns.Keys.Where(c => !dataset.Keys.Contains(c, StringComparer.Ordinal) && batch.Schema.IndexOf(c) >= 0));
        ColumnVector[] keyColumns = [.. dataset.Keys.Select(k => batch[k])];
        var place = batch.Schema.IndexOf("_row");
        for (var row = 0; row < batch.Count; row++)
        {
            if (Array.Exists(keyColumns, c => c.IsNull(row)))
                continue;
            var key = keys.Hash(batch, row);
            if ((int)(key % (ulong)Slices) != _slice)
                continue;
            var said = content.Hash(batch, row);
            if (_contentByKey.TryAdd(key, said))
                continue;
            var at = row;
            (_contentByKey[key] == said ? Repetitions : Contradictions).Add(file, () => place < 0 ? "?" : batch.Columns[place].GetText(at));
        }
    }
}
