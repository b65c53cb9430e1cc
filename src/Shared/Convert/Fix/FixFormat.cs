using System.Text.RegularExpressions;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Fix;

/// <summary>Logs of FIX messages (tag=value), FIX 4.0 to 5.0 SP2 and FIXT 1.1. Handed over as stored, because lengths and checksums count bytes.</summary>
internal sealed partial class FixFormat : IRowFormat, ITableFormat
{
    static readonly DataType Number = DataType.Decimal(18, 0);

    public string Name => "fix";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public IRowReader CreateReader(FormatContext context) => new BlockRowReader(new FixBlockReader(FixOptions.Of(context), context.Limits));

    public IBlockFormat Blocks(FormatContext context) => new FixBlocks(FixOptions.Of(context), context.Limits);

    /// <summary>Codes, identifiers and texts are text whatever they look like; prices are decimals even where all are whole.</summary>
    public DataType? TypeOf(string column, FormatContext context)
    {
        if (column == FixRow.PrefixColumn)
            return DataType.String;
        var options = FixOptions.Of(context);
        var field = options.Dictionaries.Field(column) ?? options.Dictionaries.Field(Repeat().Replace(column, ""));
        return field?.Kind switch
        {
            null or FixKind.Count => null,
            FixKind.Text or FixKind.Data => DataType.String,
            not FixKind.Flag when options.NamesValues && field.Values.Count > 0 => DataType.String,
            FixKind.Number => Number,
            _ => null,
        };
    }

    [GeneratedRegex("_[2-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Repeat();

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var finder = new FixTableFinder(context.Limits);
        var hint = context.Request.Hint with { Table = null, Options = context.Request.Hint.Options.Where(o => o.Key != "values").ToDictionary(StringComparer.Ordinal) };
        await CreateReader(context with { Request = context.Request with { Hint = hint } }).ReadAsync(content, finder, cancellationToken);
        return new([FixOptions.AllMessages, .. finder.Types(FixOptions.Of(context).Dictionaries)], FixOptions.AllMessages);
    }
}

/// <summary>A log in blocks.</summary>
internal sealed class FixBlocks(FixOptions options, ConversionLimits limits) : IBlockFormat
{
    /// <summary>Where a line ends or, in a log without lines, where a message begins.</summary>
    public int FindEnd(ReadOnlySpan<byte> content)
    {
        var line = content.LastIndexOf((byte)'\n');
        if (line >= 0)
            return line + 1;
        var start = content.LastIndexOf("8=FIX"u8);
        return start > 0 && (uint)(content[start - 1] - '0') > 9 ? start : 0;
    }

    public IBlockReader CreateReader() => new FixBlockReader(options, limits);

    /// <summary>Validation is for the reader.</summary>
    public IBlockParser? CreateParser(BlockPlan plan) => options.Validate ? null : new FixBlockParser(options, plan);
}

/// <summary>Collects the types of a log's messages.</summary>
internal sealed class FixTableFinder(ConversionLimits limits) : IRowConsumer
{
    readonly HashSet<(string Version, string Type)> _types = [];

    public ColumnNames Names { get; } = new(limits.MaxColumns);

    /// <summary>Names of the types, or codes where no dictionary has a name.</summary>
    public IReadOnlyList<string> Types(FixDictionaries dictionaries) =>
        [.. _types.Select(t => dictionaries.For(System.Text.Encoding.UTF8.GetBytes(t.Version), default).MessageName(t.Type) ?? t.Type).Distinct().Order(StringComparer.Ordinal)];

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (_types.Count < limits.MaxColumns)
            _types.Add((Value("BeginString", bytes, cells), Value("MsgType", bytes, cells)));
    }

    string Value(string column, ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells) =>
        Names.IndexOf(column) is >= 0 and var at && at < cells.Length ? System.Text.Encoding.UTF8.GetString(bytes.Slice(cells[at].Start, cells[at].Length)) : "";

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
    }

    public ValueTask PumpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
