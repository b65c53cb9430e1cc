using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Proposing;

/// <summary>The records of the answers as rows, by the converter's own inference: what it says of types is what it will do.</summary>
internal sealed class SampleTable
{
    readonly Dictionary<string, SampleColumn> _columns = new(StringComparer.Ordinal);
    readonly List<SampleColumn> _inOrder = [];

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<SampleColumn> Columns => _inOrder;

    /// <summary>Rows of all answers.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows of each answer.</summary>
    public List<int> PageRows { get; } = [];

    /// <summary>Format that was recognised.</summary>
    public string? Format { get; private set; }

    /// <summary>Adds the records of an answer.</summary>
    /// <returns>False when it has none that can be read.</returns>
    public async Task<bool> AddAsync(byte[] body, FormatHint hint, FormatSpecifications specifications, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        ConversionResult result;
        try
        {
            result = await new Converter(new FormatRecognizer(), specifications).ConvertAsync(
                _ => new(new MemoryStream(body, writable: false)), output, (_, _) => ValueTask.CompletedTask, new() { Hint = hint, ProfileFirst = true, Threads = 1 }, progress: null, cancellationToken);
        }
        catch (Exception fault) when (fault is ConversionException or InvalidDataException)
        {
            PageRows.Add(0);
            return false;
        }

        Format ??= result.Format.Format;
        output.Position = 0;
        var reader = await ParquetReader.OpenAsync(output, cancellationToken);
        var before = Rows;
        await foreach (var batch in reader.ReadAsync(cancellationToken: cancellationToken))
        {
            using (batch)
            {
                foreach (var report in result.Columns)
                {
                    var column = Of(report, Rows);
                    for (var row = 0; row < batch.Count; row++)
                        column.Values.Add(batch[report.Name].GetText(row));
                }

                Rows += batch.Count;
                foreach (var column in _inOrder.Where(c => c.Values.Count < Rows))
                    column.Values.AddRange(Enumerable.Repeat<string?>(null, Rows - column.Values.Count));
            }
        }

        PageRows.Add(Rows - before);
        return Rows > before;
    }

    SampleColumn Of(ColumnReport report, int rowsBefore)
    {
        if (!_columns.TryGetValue(report.Name, out var column))
        {
            column = new(report.Name, report);
            column.Values.AddRange(Enumerable.Repeat<string?>(null, rowsBefore));
            _columns.Add(report.Name, column);
            _inOrder.Add(column);
        }

        column.Widen(report);
        return column;
    }
}

/// <summary>One column of the records.</summary>
internal sealed class SampleColumn(string name, ColumnReport report)
{
    /// <summary>The field's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its type over all answers.</summary>
    public DataType Type { get; private set; } = report.Type;

    /// <summary>What its values identify, as far as every answer says so.</summary>
    public IdentifierFinding? Identifier { get; private set; } = report.Identifier;

    /// <summary>Why the type was chosen.</summary>
    public string Evidence { get; private set; } = report.Evidence;

    /// <summary>Its values, a row each.</summary>
    public List<string?> Values { get; } = [];

    /// <summary>Whether every row has one.</summary>
    public bool IsComplete => Values.TrueForAll(v => v is not null);

    /// <summary>Takes another answer's inference into account: the type that holds both.</summary>
    public void Widen(ColumnReport other)
    {
        if (other.Values == 0 || other.Type == Type)
            return;
        Type = Values.TrueForAll(v => v is null) ? other.Type
            : Type.IsExactNumber && other.Type.IsExactNumber ? (Type.Kind == DataKind.Decimal ? Type : other.Type)
            : (Type.IsExactNumber || Type.IsFloating) && (other.Type.IsExactNumber || other.Type.IsFloating) ? DataType.Double
            : Type.Kind is DataKind.Date or DataKind.Timestamp && other.Type.Kind is DataKind.Date or DataKind.Timestamp ? (Type.Kind == DataKind.Timestamp ? Type : other.Type)
            : DataType.String;
        Evidence = other.Evidence;
        Identifier = null;
    }
}
