using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Sas;

/// <summary>
/// The values of a data set as typed columns. Dates, times and timestamps follow from formats; where a value is none, its variable becomes the next type that holds it. What
/// is missing, which a text of blanks is too in SAS, is null; how often each special missing value stood for it is told.
/// </summary>
internal sealed class SasCells
{
    const int Rows = 65_536;
    const long Bytes = 64 << 20;
    readonly SasCell[] _cells;
    readonly OutgrownTypes _outgrown;
    readonly RecordBatchBuilder _builder;

    public SasCells(IReadOnlyList<SasColumn> columns, ReadSasNumber numbers, SasText text, FormatContext context)
    {
        _outgrown = context.Outgrown;
        if (columns.Count == 0)
            throw new NotSupportedException("The SAS data set has no variables.");
        var names = new ColumnNames(context.Limits.MaxColumns);
        var unique = columns.Select(c => names.AddUnique(c.Name)).ToArray();
        _cells = [.. columns.Select((c, i) => c.IsNumber ? (SasCell)new SasNumberCell(c, unique[i], numbers, _outgrown) : new SasTextCell(c, text))];
        Schema = new(_cells.Select((c, i) => new DataColumn(unique[i], c.Type)));
        _builder = new(Schema);
        Text = text;
    }

    public DataSchema Schema { get; }

    SasText Text { get; }

    /// <summary>What people should know; complete at the end.</summary>
    public IEnumerable<string> Notes => [.. _cells.SelectMany((c, i) => c.Notes(Schema[i].Name)), .. Text.Notes];

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < _cells.Length; i++)
            _cells[i].Add(row, _builder[i]);
        _builder.EndRow();
    }

    /// <summary>Whether there are rows enough to hand them on.</summary>
    public bool IsFull => _builder.Count >= Rows || ((_builder.Count & 1023) == 0 && _builder.Bytes >= Bytes);

    public bool HasRows => _builder.Count > 0;

    /// <exception cref="TypesOutgrownException">A variable's values are not what its format says.</exception>
    public RecordBatch Take()
    {
        _outgrown.Check();
        return _builder.Detach();
    }
}

/// <summary>How one variable becomes a column.</summary>
internal abstract class SasCell(SasColumn column, DataType type)
{
    public SasColumn Column => column;

    public DataType Type => type;

    public abstract void Add(ReadOnlySpan<byte> row, ColumnBuilder to);

    public virtual IEnumerable<string> Notes(string name) => [];
}

/// <summary>Text.</summary>
internal sealed class SasTextCell(SasColumn column, SasText text) : SasCell(column, DataType.String)
{
    public override void Add(ReadOnlySpan<byte> row, ColumnBuilder to) => text.Append(row.Slice(Column.Offset, Column.Width), (BytesBuilder)to);
}

/// <summary>Numbers, dates and times.</summary>
internal sealed class SasNumberCell(SasColumn column, string name, ReadSasNumber numbers, OutgrownTypes outgrown)
    : SasCell(column, TypeOf(column.Format, outgrown.Steps(name)))
{
    const int DaysTo1970 = 3_653;
    const double SecondsTo1970 = DaysTo1970 * 86_400.0;
    const double MostSeconds = 9e12; // in microseconds of 64 bits
    readonly long[] _missing = new long[128];

    static DataType TypeOf(string format, int steps) => (SasMoments.Of(format), steps) switch
    {
        (SasMoment.Date, 0) => DataType.Date,
        (SasMoment.DateTime, 0) => DataType.Timestamp(TimeUnit.Microseconds, isUtc: false),
        (SasMoment.Time, 0) => DataType.Time(TimeUnit.Microseconds),
        (SasMoment.Time, 1) when format.StartsWith("TOD", StringComparison.OrdinalIgnoreCase) => DataType.Timestamp(TimeUnit.Microseconds, isUtc: false), // the time of a datetime
        (SasMoment.Time, 1) => DataType.Duration(TimeUnit.Microseconds),
        _ => DataType.Double,
    };

    public override void Add(ReadOnlySpan<byte> row, ColumnBuilder to)
    {
        var number = numbers(row.Slice(Column.Offset, Column.Width));
        if (number.Missing != 0)
        {
            _missing[number.Missing]++;
            to.AppendNull();
            return;
        }

        switch (to)
        {
            case FixedBuilder<double> plain:
                plain.Append(number.Value);
                break;
            case FixedBuilder<int> days:
                var isDay = number.Value == Math.Floor(number.Value) && Math.Abs(number.Value) < int.MaxValue / 2;
                days.Append(isDay ? (int)number.Value - DaysTo1970 : Broken(number.Value, 2));
                break;
            default:
                ((FixedBuilder<long>)to).Append(Seconds(number.Value));
                break;
        }
    }

    /// <summary>Microseconds, to which the binary fractions of SAS are rounded.</summary>
    long Seconds(double value)
    {
        if (!(Math.Abs(value) < MostSeconds))
            return Broken(value, 2);
        if (Type.Kind == DataKind.Timestamp)
            value -= SecondsTo1970;
        else if (Type.Kind == DataKind.Time && (value < 0 || value >= 86_400))
            return Broken(value, 1);
        var micros = (long)Math.Round(value * 1e6);
        return Type.Kind == DataKind.Time && micros == 86_400_000_000 ? Broken(value, 1) : micros;
    }

    int Broken(double value, int steps)
    {
        outgrown.Outgrow(name, steps, $"has the format {Column.Format}, and holds {value:R}, which is no {Type}");
        return 0;
    }

    public override IEnumerable<string> Notes(string name)
    {
        if (outgrown.Steps(name) > 0)
            yield return $"column '{name}' has the format {Column.Format} and values that it cannot show; it is {Type}";
        var special = Enumerable.Range('A', 26).Prepend('_').Where(c => _missing[c] > 0).Select(c => $".{(char)c} {_missing[c]} times").ToList();
        if (special.Count > 0)
            yield return $"column '{name}' has special missing values, which are null like the others: {string.Join(", ", special)}";
    }
}
