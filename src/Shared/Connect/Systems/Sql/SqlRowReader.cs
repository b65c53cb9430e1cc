using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Reads one statement's rows as parts. A part ends behind the row with which it is full, and only where the values that order the rows
/// change: so the next attempt's "greater than" leaves out nothing.
/// </summary>
internal abstract class SqlRowReader(SourceRead read, SqlScan scan, TimeProvider time) : ISourceReader
{
    DateTimeOffset _knownAt;
    bool _begun;
    bool _hasRow;
    bool _isWriting;

    /// <summary>The row being read.</summary>
    protected RowBuffer Buffer { get; } = new();

    /// <summary>Media type of what is written.</summary>
    protected abstract string ContentType { get; }

    /// <summary>End of the part's name.</summary>
    protected abstract string Extension { get; }

    /// <inheritdoc />
    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        try
        {
            return await ReadCoreAsync(destination, cancellationToken);
        }
        catch (Exception fault) when (!_isWriting && IsFailure(fault)) // a full landing is no fault of the database
        {
            throw FailureOf(fault);
        }
    }

    /// <inheritdoc />
    public virtual Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <summary>Sends the statement.</summary>
    protected abstract Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>Appends the next row to the buffer.</summary>
    /// <returns>False when there is none.</returns>
    protected abstract ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken);

    /// <summary>Bytes that every part begins with.</summary>
    protected virtual ReadOnlyMemory<byte> Header => default;

    /// <summary>The values of the columns that order the rows, of a row as it is written.</summary>
    protected abstract IReadOnlyList<SqlValue> OrderOf(ReadOnlySpan<byte> row);

    /// <summary>Whether a fault is the database's.</summary>
    protected abstract bool IsFailure(Exception fault);

    /// <summary>What such a fault means.</summary>
    protected abstract StepFailedException FailureOf(Exception fault);

    async Task<SourcePart?> ReadCoreAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (scan.IsEmpty)
            return null;
        if (!_begun)
        {
            _begun = true;
            await BeginAsync(cancellationToken);
            _knownAt = time.GetUtcNow();
            _hasRow = await ReadRowAsync(cancellationToken);
        }

        if (!_hasRow)
            return null;

        Buffer.Clear();
        var (bytes, records) = ((long)Header.Length, 0L);
        await WriteAsync(() => destination.WriteAsync(Header, cancellationToken));
        IReadOnlyList<SqlValue>? last = null;
        while (_hasRow)
        {
            if (bytes >= read.Read.ArtefactBytes && scan.Order.Count > 0)
            {
                var next = OrderOf(Buffer.Current);
                last ??= OrderOf(Buffer.Previous);
                if (!next.SequenceEqual(last))
                    break;
            }

            bytes += Buffer.Current.Length;
            records++;
            Buffer.Keep();
            if (Buffer.IsFull)
                await WriteAsync(() => Buffer.FlushAsync(destination, cancellationToken));
            _hasRow = await ReadRowAsync(cancellationToken);
        }

        await WriteAsync(() => Buffer.FlushAsync(destination, cancellationToken));
        return Part(last ?? (scan.Order.Count > 0 ? OrderOf(Buffer.Previous) : []), records);
    }

    async ValueTask WriteAsync(Func<ValueTask> write)
    {
        _isWriting = true;
        await write();
        _isWriting = false;
    }

    SourcePart Part(IReadOnlyList<SqlValue> last, long records)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (scan.Range.Upper is { } upper)
            headers[SqlRange.UpperHeader] = new SqlPosition(upper, []).ToString();
        if (scan.RowsWithoutCursor > 0)
            headers["rowsWithoutCursor"] = scan.RowsWithoutCursor.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Name = $"{scan.Name}.{Extension}",
            Position = last.Count == 0 ? null : (scan.HasCursor ? new SqlPosition(last[0], [.. last.Skip(1)]) : new SqlPosition(null, last)).ToString(),
            KnownAt = _knownAt,
            ContentType = ContentType,
            Records = records,
            Headers = headers,
        };
    }
}
