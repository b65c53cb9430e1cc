using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Which rows are read: behind a row, or from a value on; up to a value.</summary>
internal sealed record SqlRange
{
    /// <summary>Header of a part that holds the run's upper bound, so that every attempt of it has the same.</summary>
    public const string UpperHeader = "upper";

    /// <summary>Cursor and key of the row that was read last; null from <see cref="From"/> on.</summary>
    public SqlPosition? After { get; init; }

    /// <summary>Least value of the cursor; null for no limit.</summary>
    public SqlValue? From { get; init; }

    /// <summary>Value that the cursor stays under; null for no limit.</summary>
    public SqlValue? To { get; init; }

    /// <summary>Greatest value of the cursor; null where it is still to be asked for, or there is no cursor.</summary>
    public SqlValue? Upper { get; init; }

    /// <summary>What is to be read, by what was read before.</summary>
    /// <param name="read">What is asked for.</param>
    /// <param name="keys">How many columns the key has.</param>
    /// <param name="withZone">Whether the cursor's values have a time zone.</param>
    public static SqlRange Of(SourceRead read, int keys, bool withZone)
    {
        var cursor = read.Dataset.Cursor;
        var range = new SqlRange();
        if (read.Window is { } window)
        {
            if (cursor is not { Type: CursorType.Date or CursorType.Timestamp })
                throw new StepFailedException(new() { Code = "configuration-invalid", Message = "A window of time needs a 'cursor' of type date or timestamp." });
            range = range with { From = SqlValue.Of(window.From, cursor.Type, withZone), To = SqlValue.Of(window.To, cursor.Type, withZone) };
        }
        else if (cursor?.Start is { } start)
        {
            range = range with { From = new(start, cursor.Type is CursorType.Integer) };
        }

        if (read.Landed is [.., { Position: { } landed } last])
        {
            range = range with
            {
                After = Usable(SqlPosition.Parse(landed), cursor, keys),
                Upper = last.Headers.TryGetValue(UpperHeader, out var upper) ? SqlPosition.Parse(upper).Cursor : null,
            };
        }
        else if (cursor is not null && read.Window is null && read.Position is { } position)
        {
            // The cursor of an earlier run: late rows may have come within the overlap.
            var before = Usable(SqlPosition.Parse(position), cursor, keys);
            range = cursor.Overlap is null ? range with { After = before } : range with { From = before.Cursor!.Value.Behind(cursor) };
        }

        return range.After is { Cursor: { } value } && range.After.Key.Count != keys
            ? range with { After = null, From = value } // the key was changed since: better a row twice than none
            : range;
    }

    static SqlPosition Usable(SqlPosition position, CursorDefinition? cursor, int keys) =>
        cursor is null == position.Cursor is null && (cursor is not null || position.Key.Count == keys)
            ? position
            : throw new StepFailedException(new() { Code = "cursor-invalid", Message = $"The stored position '{position}' does not fit the configured cursor and key: ask for a full refresh to set it anew." });
}
