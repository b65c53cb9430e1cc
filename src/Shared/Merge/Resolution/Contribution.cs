namespace DataIngestion.Merge;

/// <summary>A row came between two that were merged before, and what lies between them is no longer known: the key has to be made anew from its runs.</summary>
internal sealed class LateRowException() : Exception("A row was known between two equal rows of its source that were merged before it.");

/// <summary>
/// What one source says of one key: its latest content, since when it has said so without a break, when it said so last, and when it
/// last said something else. That is enough to add rows in any order, but for the case of <see cref="LateRowException"/>.
/// </summary>
/// <param name="Row">The first row of the latest unbroken statement; its lineage is the contribution's.</param>
/// <param name="LastSeen">When and where the last row with this content was learned (<see cref="MergeRow.Learned"/>).</param>
/// <param name="LastOther">When and where the last row with another content was learned; null if there was none.</param>
internal sealed record Contribution(MergeRow Row, ReadOnlyMemory<byte> LastSeen, ReadOnlyMemory<byte>? LastOther)
{
    public static Contribution Of(MergeRow row) => new(row, LearnedOf(row), null);

    /// <summary>The contribution after one more row of the same key and source; the same instance when the row says nothing new.</summary>
    public Contribution Add(MergeRow row)
    {
        var equal = row.Data.SequenceEqual(Row.Data);
        if (Compare(row.Learned, row.Data, LastSeen.Span, Row.Data) >= 0)
            return equal ? SeenAgain(row) : new(row, LearnedOf(row), LastSeen);
        return equal ? AddEqualBefore(row) : AddOtherBefore(row);
    }

    Contribution SeenAgain(MergeRow row) => row.Learned.SequenceEqual(LastSeen.Span) ? this : this with { LastSeen = LearnedOf(row) };

    Contribution AddEqualBefore(MergeRow row)
    {
        if (row.Learned.SequenceCompareTo(Row.Learned) >= 0)
            return this;
        if (LastOther is not { } other)
            return this with { Row = row };
        return row.Learned.SequenceCompareTo(other.Span) switch
        {
            > 0 => this with { Row = row },
            < 0 => this,
            _ => throw new LateRowException(),
        };
    }

    Contribution AddOtherBefore(MergeRow row)
    {
        if (Compare(row.Learned, row.Data, Row.Learned, Row.Data) > 0)
            throw new LateRowException();
        return LastOther is { } other && row.Learned.SequenceCompareTo(other.Span) <= 0 ? this : this with { LastOther = LearnedOf(row) };
    }

    static int Compare(ReadOnlySpan<byte> learned, ReadOnlySpan<byte> data, ReadOnlySpan<byte> otherLearned, ReadOnlySpan<byte> otherData) =>
        learned.SequenceCompareTo(otherLearned) is not 0 and var order ? order : data.SequenceCompareTo(otherData);

    static ReadOnlyMemory<byte> LearnedOf(MergeRow row) => row.Bytes.AsMemory(row.KeyLength + row.SourceLength, row.LearnedLength);
}
