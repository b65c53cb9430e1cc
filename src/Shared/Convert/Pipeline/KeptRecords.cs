using System.Buffers;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The text of rows whose format cannot be read twice, until their batch is judged.</summary>
internal sealed class KeptRecords(int maxRawBytes)
{
    readonly ArrayBufferWriter<byte> _raw = new();
    readonly List<(RowPlace Place, int End)> _rows = [];

    public void Keep(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _raw.Write(raw[..Math.Min(raw.Length, maxRawBytes)]);
        _rows.Add((place, _raw.WrittenCount));
    }

    /// <summary>Tells of the rows with these numbers.</summary>
    public void Find(IReadOnlySet<long> rows, RowJudge.FoundRecord found)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (rows.Contains(_rows[i].Place.Row))
                found(_rows[i].Place, _raw.WrittenSpan[(i == 0 ? 0 : _rows[i - 1].End).._rows[i].End]);
        }
    }

    public void Clear()
    {
        _raw.ResetWrittenCount();
        _rows.Clear();
    }
}

/// <summary>Reads a block again to find the text of some of its rows.</summary>
internal sealed class RecordFinder(ColumnNames names, IReadOnlySet<long> rows, RowJudge.FoundRecord found) : IRowConsumer
{
    public ColumnNames Names => names;

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (rows.Contains(place.Row))
            found(place, raw);
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
    }

    public ValueTask PumpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
