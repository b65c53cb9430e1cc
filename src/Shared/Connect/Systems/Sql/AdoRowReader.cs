using System.Data.Common;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Rows of a driver as NDJSON. They stream: one row is held at a time.</summary>
internal sealed class AdoRowReader(SourceSite site, Func<ValueTask> end, SourceRead read, SqlScan scan, ISqlFailures failures, DbCommand command)
    : SqlRowReader(read, scan, site.Time)
{
    readonly SqlScan _scan = scan;
    readonly string[] _order = [.. scan.Order.Select(c => c.Name)];
    DbDataReader? _rows;
    SqlJson? _json;
    bool _ended;

    protected override string ContentType => MessageLines.ContentType;

    protected override string Extension => "ndjson";

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_rows is not null && !_ended)
                command.Cancel(); // or what is left of the rows would be read through
            if (_rows is not null)
                await _rows.DisposeAsync();
            await command.DisposeAsync();
            _json?.Dispose();
            await end();
        }
        catch (Exception fault) when (fault is InvalidOperationException || failures.Is(fault))
        {
            // The statement was cancelled, or the connection is broken, which whoever read has been told.
        }
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        _rows = await command.ExecuteReaderAsync(System.Data.CommandBehavior.Default, cancellationToken);
        _json = new([.. _scan.Selected.Select(c => c.Name)], _scan.Selected);
    }

    protected override async ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken)
    {
        if (!await _rows!.ReadAsync(cancellationToken))
        {
            _ended = true;
            return false;
        }

        _json!.Write(_rows, Buffer);
        return true;
    }

    protected override IReadOnlyList<SqlValue> OrderOf(ReadOnlySpan<byte> row) => RowFields.OfJson(row, _order);

    protected override bool IsFailure(Exception fault) => failures.Is(fault);

    protected override StepFailedException FailureOf(Exception fault) => failures.Of(site, fault);
}
