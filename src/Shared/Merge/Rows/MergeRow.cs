namespace DataIngestion.Merge;

/// <summary>
/// One row as one source said it, written by <see cref="OrderedBytesWriter"/>: key, source, when and where we learned it (known at, run,
/// row), then the other columns. Comparing the arrays sorts rows by key, then source, then the order in which we learned them.
/// </summary>
internal sealed class MergeRow(byte[] bytes, int keyLength, int sourceLength, int learnedLength)
{
    public byte[] Bytes { get; } = bytes;

    public int KeyLength { get; } = keyLength;

    public int SourceLength { get; } = sourceLength;

    public int LearnedLength { get; } = learnedLength;

    /// <summary>The key columns.</summary>
    public ReadOnlySpan<byte> Key => Bytes.AsSpan(0, KeyLength);

    /// <summary>The source's id.</summary>
    public ReadOnlySpan<byte> Source => Bytes.AsSpan(KeyLength, SourceLength);

    /// <summary>Known at, run and row.</summary>
    public ReadOnlySpan<byte> Learned => Bytes.AsSpan(KeyLength + SourceLength, LearnedLength);

    /// <summary>The columns that are not keys.</summary>
    public ReadOnlySpan<byte> Data => Bytes.AsSpan(KeyLength + SourceLength + LearnedLength);

    /// <summary>The beginning of <see cref="Learned"/>: the presence mark and the moment.</summary>
    public ReadOnlySpan<byte> KnownAt => Learned[..9];

    /// <summary>Orders by key, source, when learned, and at last by content, so that no two different rows are equal.</summary>
    public static IComparer<MergeRow> Order { get; } = Comparer<MergeRow>.Create(static (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes));
}
