using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Finds columns by name. Mostly a column is the one that followed the last one in an earlier record, which needs no look-up.</summary>
internal sealed class JsonColumns(ColumnNames names)
{
    /// <summary>By the column before (from 1; 0 at a record's start): the column that followed.</summary>
    readonly List<(int Column, string Name, byte[] Bytes)> _followers = [];
    int _last;

    public void BeginRecord() => _last = 0;

    /// <summary>The column of the name; a new one if no record had it.</summary>
    public int Of(ReadOnlySpan<byte> name)
    {
        while (_followers.Count <= _last)
            _followers.Add((int.MaxValue, "", []));
        var (column, known, bytes) = _followers[_last];
        // Names may have been taken back, and others have come in their place.
        if (!name.SequenceEqual(bytes) || column >= names.Count || !ReferenceEquals(names[column], known))
        {
            column = names.Add(name);
            _followers[_last] = (column, names[column], name.ToArray());
        }

        _last = column + 1;
        return column;
    }
}
