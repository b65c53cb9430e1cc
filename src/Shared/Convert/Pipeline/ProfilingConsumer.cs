using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Looks at every value and writes nothing.</summary>
internal sealed class ProfilingConsumer(ConversionRequest request, byte quote, NullSpellings nulls, Action<long>? progress) : IRowConsumer
{
    readonly List<ColumnProfile> _columns = [];
    byte[] _scratch = [];
    long _rows;

    public ColumnNames Names { get; } = new(request.Limits.MaxColumns);

    public IReadOnlyList<ColumnProfile> Columns => _columns;

    /// <summary>Records so far, rejected ones too.</summary>
    public long Rows => _rows;

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _rows++;
        while (_columns.Count < Names.Count)
            _columns.Add(new(nulls));
        for (var i = 0; i < cells.Length; i++)
            _columns[i].Add(CellText.Of(bytes, cells[i], quote, ref _scratch), cells[i].Kind, place.Row);
    }

    /// <summary>Reported by the second pass.</summary>
    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw) => _rows++;

    public ValueTask PumpAsync(CancellationToken cancellationToken)
    {
        progress?.Invoke(_rows);
        return ValueTask.CompletedTask;
    }

    /// <summary>The input is read: columns that no row reached get an empty profile.</summary>
    public void Complete()
    {
        while (_columns.Count < Names.Count)
            _columns.Add(new(nulls));
    }
}
