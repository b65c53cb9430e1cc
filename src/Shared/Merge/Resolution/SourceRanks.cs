namespace DataIngestion.Merge;

/// <summary>How much each source is trusted in a dataset: its place in the priority list; sources that are not listed share the last place.</summary>
internal sealed class SourceRanks
{
    readonly byte[][] _listed;

    public SourceRanks(IEnumerable<string> priority)
    {
        var writer = new OrderedBytesWriter();
        _listed = [.. priority.Select(source =>
        {
            writer.Clear();
            writer.WriteString(source);
            return writer.ToArray();
        })];
    }

    /// <summary>0 for the most trusted.</summary>
    public int Of(ReadOnlySpan<byte> source)
    {
        for (var i = 0; i < _listed.Length; i++)
        {
            if (source.SequenceEqual(_listed[i]))
                return i;
        }

        return _listed.Length;
    }
}
