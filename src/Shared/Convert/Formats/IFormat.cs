using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Formats;

/// <summary>
/// A format that is read in one of three ways: as rows of texts whose types are inferred (<see cref="IRowFormat"/>), as typed columns
/// (<see cref="IColumnFormat"/>), or as JSON documents (<see cref="IDocumentFormat"/>). Listed in <see cref="FormatCatalog"/>.
/// </summary>
internal interface IFormat
{
    /// <summary>Its name in findings, hints and configuration: lower case, with dashes.</summary>
    string Name { get; }

    /// <summary>Whether the content is handed over as UTF-8 without a byte order mark; otherwise as its stored bytes.</summary>
    bool IsText { get; }

    /// <summary>Whether it is read here and there, so that the content must be seekable.</summary>
    bool NeedsSeek { get; }

    /// <summary>Whether content that can be sought at little cost is handed over so; it need not be copied where it cannot.</summary>
    bool UsesSeek => NeedsSeek;
}

/// <summary>A format whose records are rows of texts; types are inferred from every value.</summary>
internal interface IRowFormat : IFormat
{
    /// <summary>A reader of one pass over the content.</summary>
    IRowReader CreateReader(FormatContext context);

    /// <summary>Whether a column stays text whatever its values look like: identifiers, account numbers, references.</summary>
    bool IsAlwaysText(string column) => false;

    /// <summary>
    /// What the format says about a column's type beyond its values: text keeps it text, a decimal says that whole numbers are decimals there too;
    /// null leaves it to the values.
    /// </summary>
    DataType? TypeOf(string column, FormatContext context) => IsAlwaysText(column) ? DataType.String : null;

    /// <summary>How the content can be read in blocks, on several threads; null where it cannot. Then nothing else reads it.</summary>
    IBlockFormat? Blocks(FormatContext context) => null;
}

/// <summary>A format of documents with the shape of JSON, which are read as such: record paths, nesting and inference are those of JSON.</summary>
internal interface IDocumentFormat : IFormat
{
    /// <summary><c>ndjson</c> where the records are one document after another, <c>json</c> where they lie inside one.</summary>
    string ReadsAs { get; }

    /// <summary>Whether one document may hold the records, where nobody says so; otherwise every document is one.</summary>
    bool MayHoldRecords => false;

    /// <summary>The documents as UTF-8 JSON, for <c>ndjson</c> one a line. Numbers keep their digits. Closing it closes the content.</summary>
    Stream ToJson(Stream content, FormatContext context);
}

/// <summary>A format whose columns have types.</summary>
internal interface IColumnFormat : IFormat
{
    /// <summary>Begins one pass over the content, which is left open.</summary>
    /// <exception cref="InvalidDataException">The content is damaged, or another format.</exception>
    /// <exception cref="NotSupportedException">The content uses something that is not read; the message says what, and what to do.</exception>
    ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken);
}

/// <summary>One pass over typed columns.</summary>
internal interface IColumnReader : IAsyncDisposable
{
    /// <summary>The columns.</summary>
    DataSchema Schema { get; }

    /// <summary>What people should know about the content; complete when it was read.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>The rows, from the first. The taker disposes each batch.</summary>
    IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A format that holds several tables: sheets of a workbook, tables of a database.</summary>
internal interface ITableFormat : IFormat
{
    /// <summary>The tables of the content.</summary>
    ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken);
}

/// <summary>The tables of an input.</summary>
/// <param name="Names">In the order of the input.</param>
/// <param name="Primary">The one that is read where none is named; null where one must be named if there are several.</param>
internal sealed record TableList(IReadOnlyList<string> Names, string? Primary = null)
{
    const int Named = 20;

    /// <summary>The table that is named, the primary one, or the only one.</summary>
    /// <exception cref="ConversionException">There is none, or several and none is named.</exception>
    public string Choose(string? name)
    {
        if (name is not null)
            return Names.FirstOrDefault(n => n == name) ?? throw new ConversionException($"The content has no table '{name}': it holds {List()}.");
        return Primary ?? Names.Count switch
        {
            1 => Names[0],
            0 => throw new ConversionException("The content holds no tables."),
            _ => throw new ConversionException($"The content holds {Names.Count} tables: {List()}. Say which one to read."),
        };
    }

    string List() => Names.Count == 0 ? "none" : string.Join(", ", Names.Take(Named)) + (Names.Count > Named ? $" and {Names.Count - Named} more" : "");
}
