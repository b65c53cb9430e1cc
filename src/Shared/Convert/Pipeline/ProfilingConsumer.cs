using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Looks at every value and writes nothing.</summary>
/// <param name="isText">Whether a column is text whatever its values are, so that nobody asks for them; null where none is.</param>
internal sealed class ProfilingConsumer(ConversionRequest request, byte quote, NullSpellings nulls, Action<long>? progress, Func<string, bool>? isText = null) : IRowConsumer
{
    readonly List<ColumnProfile> _columns = [];
    readonly List<bool> _passed = [];
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
        {
            _passed.Add(isText?.Invoke(Names[_columns.Count]) == true);
            _columns.Add(new(nulls));
        }

        for (var i = 0; i < cells.Length; i++)
        {
            if (!_passed[i])
                _columns[i].Add(CellText.Of(bytes, cells[i], quote, ref _scratch), cells[i].Kind, place.Row);
        }
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
