using DataIngestion.Contracts;
using Npgsql;

namespace DataIngestion.Connect;

/// <summary>Rows as COPY sends them: its bytes are the part's bytes. Each message of the protocol is one row.</summary>
internal sealed class PostgreSqlCopyReader(
    SourceSite site, NpgsqlConnection session, NpgsqlTransaction? transaction, SourceRead read, SqlScan scan, PostgreSqlFormat format, TimeSpan statementTimeout)
    : SqlRowReader(read, scan, site.Time)
{
    const byte Quote = (byte)'"';

    readonly SqlScan _scan = scan;
    NpgsqlCopyTextReader? _copy;
    Stream? _rows;
    byte[] _header = [];
    bool _isSorted;
    bool _ended;

    protected override string ContentType => format is PostgreSqlFormat.Csv ? "text/csv; charset=utf-8" : MessageLines.ContentType;

    protected override string Extension => format is PostgreSqlFormat.Csv ? "csv" : "ndjson";

    protected override ReadOnlyMemory<byte> Header => _header;

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_copy is not null && !_ended)
                await _copy.CancelAsync();
            if (_copy is not null)
                await _copy.DisposeAsync();
            if (transaction is not null)
                await transaction.DisposeAsync();
        }
        catch (Exception fault) when (fault is ObjectDisposedException || PostgreSqlFailures.Is(fault))
        {
            // COPY or the connection ended by a failure, which whoever read has been told.
        }
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        // Neither JSON nor its escapes hold the characters 1 and 2, so nothing is ever quoted and a row is a line of JSON.
        var copy = format is PostgreSqlFormat.Csv
            ? $"COPY (\n{_scan.Statement.Text}\n) TO STDOUT (FORMAT csv, HEADER)"
            : $"COPY (SELECT row_to_json(r.*) FROM (\n{_scan.Statement.Text}\n) r) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')";
        _copy = await session.BeginTextExportAsync(copy, cancellationToken);
        _rows = _copy.BaseStream;
        _copy.Timeout = (int)Math.Min(statementTimeout.TotalMilliseconds, int.MaxValue); // rows may have to be sorted before the first one
        if (format is PostgreSqlFormat.Csv && await ReadRowAsync(cancellationToken))
        {
            _header = Buffer.Current.ToArray();
            Buffer.Keep();
            Buffer.Clear();
        }
    }

    protected override async ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken)
    {
        var quotes = 0;
        while (true)
        {
            var memory = Buffer.GetMemory(16 << 10);
            var length = await _rows!.ReadAsync(memory, cancellationToken);
            if (length == 0)
            {
                _ended = true;
                return Buffer.Current.Length == 0 ? false : throw site.Fail("protocol-error", "The server ended in the middle of a row.", isTransient: true);
            }

            if (!_isSorted && (_header.Length > 0 || format is PostgreSqlFormat.Ndjson))
            {
                _isSorted = true;
                _copy!.Timeout = (int)site.Connection.Limits.AttemptTimeout.TotalMilliseconds;
            }

            Buffer.Advance(length);
            var chunk = memory.Span[..length];
            if (format is PostgreSqlFormat.Csv)
                quotes += chunk.Count(Quote);
            if (chunk[^1] == (byte)'\n' && (quotes & 1) == 0)
                return true;
        }
    }

    protected override IReadOnlyList<SqlValue> OrderOf(ReadOnlySpan<byte> row) => format is PostgreSqlFormat.Csv
        ? RowFields.OfCsv(row, [.. _scan.Order.Select(Place)])
        : RowFields.OfJson(row, [.. _scan.Order.Select(c => c.Name)]);

    protected override bool IsFailure(Exception fault) => PostgreSqlFailures.Is(fault);

    protected override StepFailedException FailureOf(Exception fault) => PostgreSqlFailures.Of(site, fault);

    int Place(SqlColumn column)
    {
        for (var i = 0; i < _scan.Selected.Count; i++)
        {
            if (ReferenceEquals(_scan.Selected[i], column))
                return i;
        }

        throw new InvalidOperationException($"'{column.Name}' is not selected.");
    }
}
