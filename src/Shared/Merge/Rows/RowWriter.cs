using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Puts <see cref="MergeRow"/>s back into columns.</summary>
internal static class RowWriter
{
    /// <summary>Adds a row to the columns of <see cref="RowLayout.Snapshot"/>; the caller ends the row.</summary>
    public static void Append(RecordBatchBuilder builder, RowLayout layout, MergeRow row)
    {
        var reader = new OrderedBytesReader(row.Bytes);
        foreach (var key in layout.KeyColumns)
            CellCodec.Read(ref reader, builder[key]);
        var lineage = layout.Snapshot.Count - 4; // source, run, row, known at
        CellCodec.Read(ref reader, builder[lineage]);
        CellCodec.Read(ref reader, builder[lineage + 3]);
        CellCodec.Read(ref reader, builder[lineage + 1]);
        CellCodec.Read(ref reader, builder[lineage + 2]);
        foreach (var column in layout.DataColumns)
            CellCodec.Read(ref reader, builder[column]);
    }

    /// <summary>Adds a contribution to the columns of <see cref="RowLayout.Contributions"/>; the caller ends the row.</summary>
    public static void Append(RecordBatchBuilder builder, RowLayout layout, Contribution contribution, Verdict verdict)
    {
        Append(builder, layout, contribution.Row);
        var next = layout.Snapshot.Count;
        ((BytesBuilder)builder[next]).Append(VerdictWords.WordOf(verdict));
        AppendLearned(builder, next + 1, contribution.LastSeen.Span);
        if (contribution.LastOther is { } other)
        {
            AppendLearned(builder, next + 4, other.Span);
            return;
        }

        for (var i = 4; i < 7; i++)
            builder[next + i].AppendNull();
    }

    static void AppendLearned(RecordBatchBuilder builder, int first, ReadOnlySpan<byte> learned)
    {
        var reader = new OrderedBytesReader(learned);
        for (var i = 0; i < 3; i++)
            CellCodec.Read(ref reader, builder[first + i]);
    }
}
