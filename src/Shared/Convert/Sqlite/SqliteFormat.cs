using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Sqlite;

/// <summary>SQLite databases: each table and each view is a table. Read by SQLite itself, from a copy, with everything off that a hostile file could use.</summary>
internal sealed class SqliteFormat : IColumnFormat, ITableFormat
{
    public string Name => "sqlite";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        await using var database = await SqliteDatabase.OpenAsync(content, context.Limits, cancellationToken);
        return database.Tables();
    }

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var database = await SqliteDatabase.OpenAsync(content, context.Limits, cancellationToken);
        try
        {
            var table = database.Tables().Choose(context.Table);
            return new SqliteReader(database, table, SqliteSurvey.Of(database, table, context.Limits, cancellationToken));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One reading of a table.</summary>
internal sealed class SqliteReader(SqliteDatabase database, string table, IReadOnlyList<SqliteColumn> columns) : IColumnReader
{
    const int MostRows = 65_536;
    const long MostBytes = 32 << 20;

    public DataSchema Schema { get; } = new(columns.Select(c => new DataColumn(c.Name, c.Type)));

    public IReadOnlyList<string> Notes => [.. database.Notes, .. columns.Select(c => c.Note).OfType<string>()];

    public async IAsyncEnumerable<RecordBatch> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var builder = new RecordBatchBuilder(Schema);
        SqliteCell[] cells = [.. columns.Select((c, i) => SqliteCell.Of(c, builder[i]))];
        using var rows = database.Rows(table, cancellationToken);
        while (rows.Next())
        {
            for (var i = 0; i < cells.Length; i++)
                cells[i].Append(rows, i);
            builder.EndRow();
            if (builder.Count == MostRows || (builder.Count % 64 == 0 && builder.Bytes >= MostBytes))
                yield return builder.Detach();
        }

        if (builder.Count > 0)
            yield return builder.Detach();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
