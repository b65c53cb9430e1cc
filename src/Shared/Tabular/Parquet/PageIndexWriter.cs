using System.Buffers;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Where the indexes of a chunk's pages lie in the file; a length of 0 where there is none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageIndexPlace(long OffsetsAt, int OffsetsLength, long ColumnAt, int ColumnLength)
{
    /// <summary>Writes the fields of a column chunk that say so.</summary>
    public void Write(ThriftWriter thrift)
    {
        thrift.Int64(4, OffsetsAt);
        thrift.Int32(5, OffsetsLength);
        if (ColumnLength == 0)
            return;
        thrift.Int64(6, ColumnAt);
        thrift.Int32(7, ColumnLength);
    }
}

/// <summary>Parquet's page index: where the pages of each chunk are, and their bounds, between the last row group and the footer.</summary>
internal sealed class PageIndexWriter
{
    readonly ArrayBufferWriter<byte> _output = new(4096);
    readonly ThriftWriter _thrift;

    PageIndexWriter() => _thrift = new(_output);

    /// <param name="groups">The row groups.</param>
    /// <param name="position">Where the index will begin in the file.</param>
    /// <param name="places">For each row group and column, where its indexes are.</param>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<RowGroupModel> groups, long position, out PageIndexPlace[][] places)
    {
        var writer = new PageIndexWriter();
        places = [.. groups.Select(g => new PageIndexPlace[g.Chunks.Length])];
        for (var i = 0; i < groups.Count; i++)
        {
            for (var c = 0; c < places[i].Length; c++)
            {
                var start = writer._output.WrittenCount;
                writer.WriteBounds(groups[i].Chunks[c]);
                places[i][c] = new() { ColumnAt = position + start, ColumnLength = writer._output.WrittenCount - start };
            }
        }

        for (var i = 0; i < groups.Count; i++)
        {
            for (var c = 0; c < places[i].Length; c++)
            {
                var start = writer._output.WrittenCount;
                writer.WriteOffsets(groups[i].Chunks[c]);
                places[i][c] = places[i][c] with { OffsetsAt = position + start, OffsetsLength = writer._output.WrittenCount - start };
            }
        }

        return writer._output.WrittenMemory;
    }

    /// <summary>Writes nothing where a page has values but no bounds: the format knows no unknown bound.</summary>
    void WriteBounds(ChunkModel chunk)
    {
        var pages = chunk.Pages;
        if (Array.Exists(pages, p => p.Nulls < p.Values && p.Bounds.Min is null))
            return;
        _thrift.Begin();
        _thrift.List(1, ThriftType.True, pages.Length);
        foreach (var page in pages)
            _thrift.Element(page.Nulls == page.Values);
        _thrift.List(2, ThriftType.Binary, pages.Length);
        foreach (var page in pages)
            _thrift.Element(page.Bounds.Min ?? []);
        _thrift.List(3, ThriftType.Binary, pages.Length);
        foreach (var page in pages)
            _thrift.Element(page.Bounds.Max ?? []);
        _thrift.Int32(4, (int)chunk.PageOrder);
        _thrift.List(5, ThriftType.Int64, pages.Length);
        foreach (var page in pages)
            _thrift.Element(page.Nulls);
        _thrift.End();
    }

    void WriteOffsets(ChunkModel chunk)
    {
        _thrift.Begin();
        _thrift.List(1, ThriftType.Struct, chunk.Pages.Length);
        foreach (var page in chunk.Pages)
        {
            _thrift.Begin();
            _thrift.Int64(1, chunk.DataOffset + page.Offset);
            _thrift.Int32(2, page.Bytes);
            _thrift.Int64(3, page.FirstRow);
            _thrift.End();
        }

        _thrift.End();
    }
}
