using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The columns of an input in the order in which they appear, and what their values are.</summary>
internal sealed class InputProfile(ConversionLimits limits, NullSpellings nulls)
{
    readonly List<ColumnProfile> _columns = [];

    public ColumnNames Names { get; } = new(limits.MaxColumns);

    /// <summary>One for each name.</summary>
    public IReadOnlyList<ColumnProfile> Columns => _columns;

    /// <summary>Records seen.</summary>
    public long Rows { get; private set; }

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<string> AllNames => [.. Enumerable.Range(0, Names.Count).Select(i => Names[i])];

    /// <summary>Adds the part of the input that follows.</summary>
    /// <param name="names">That part's columns; they may be in another order there.</param>
    /// <param name="columns">One for each name, or fewer.</param>
    /// <param name="rows">Records of that part.</param>
    public void Add(ColumnNames names, IReadOnlyList<ColumnProfile> columns, long rows) => Add(names, columns, Rows, rows);

    /// <summary>Adds some values of the part of the input that follows <paramref name="rowsBefore"/> records.</summary>
    public void Add(ColumnNames names, IReadOnlyList<ColumnProfile> columns, long rowsBefore, long rows)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var place = Names.Add(names[i]);
            if (place == _columns.Count)
                _columns.Add(new(nulls));
            if (i < columns.Count)
                _columns[place].Merge(columns[i], rowsBefore);
        }

        Rows += rows;
    }

    public InputProfile Copy()
    {
        var copy = new InputProfile(limits, nulls);
        copy.Add(Names, _columns, Rows);
        return copy;
    }

    /// <summary>The columns of the whole input, read in blocks.</summary>
    public static async Task<InputProfile> OfBlocksAsync(ConversionInput input, IBlockFormat format, PipelineSize size, InputProfile head, CancellationToken cancellationToken)
    {
        var profile = new InputProfile(input.Request.Limits, input.Nulls);
        var known = head.AllNames;
        await using var pass = await input.OpenAsync(1, cancellationToken);
        await new BlockPipeline<ProfiledBlock>(format, size, () => new ProfilingWorker(format, input, known)).RunAsync(
            pass.Content,
            (block, _) =>
            {
                profile.Add(block.Names, block.Columns, block.Rows);
                pass.ReportRows(profile.Rows);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return profile;
    }

    /// <summary>The columns of the whole input, read by its row reader.</summary>
    public static async Task<InputProfile> OfRowsAsync(ConversionInput input, IRowReader reader, CancellationToken cancellationToken)
    {
        await using var pass = await input.OpenAsync(1, cancellationToken);
        var declared = input.Request.Schema is null ? input.Declared : null;
        var consumer = new ProfilingConsumer(input.Request, input.Quote, input.Nulls, pass.ReportRows, declared is null ? null : column => declared(column)?.Kind == DataKind.String);
        await reader.ReadAsync(pass.Content, consumer, cancellationToken);
        return Of(consumer, input);
    }

    /// <summary>The columns without their values: those that the first bytes name or, where cells are kept as written, that the longest record has.</summary>
    public static async Task<InputProfile> OfHeaderAsync(ConversionInput input, IRowReader reader, CancellationToken cancellationToken)
    {
        await using var content = await input.OpenAsync(cancellationToken);
        var consumer = new NamingConsumer(input.Request.Limits);
        if (input.Request.Types == TypesMode.Text)
        {
            await reader.ReadAsync(content, consumer, cancellationToken);
        }
        else
        {
            var head = new byte[FormatRecognizer.HeadBytes];
            var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            await reader.ReadAsync(new MemoryStream(head, 0, length), consumer, cancellationToken);
        }

        var profile = new InputProfile(input.Request.Limits, input.Nulls);
        profile.Add(consumer.Names, [], 0);
        return profile;
    }

    public static InputProfile Of(ProfilingConsumer consumer, ConversionInput input)
    {
        consumer.Complete();
        var profile = new InputProfile(input.Request.Limits, input.Nulls);
        profile.Add(consumer.Names, consumer.Columns, consumer.Rows);
        return profile;
    }
}
