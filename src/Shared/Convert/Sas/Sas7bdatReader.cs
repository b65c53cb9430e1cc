using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Sas;

/// <summary>Reads the rows, page by page.</summary>
internal sealed class Sas7bdatReader(Stream content, Sas7bdatHeader header, Sas7bdatMetadata metadata, SasCells cells, ConversionLimits limits) : IColumnReader
{
    const long FreeBytes = 64 << 20;
    readonly byte[] _row = new byte[metadata.RowBytes];
    long _seen;
    long _deleted;

    public DataSchema Schema => cells.Schema;

    public IReadOnlyList<string> Notes => _deleted == 0 ? [.. cells.Notes] : [$"{_deleted} rows are marked as deleted, and left out", .. cells.Notes];

    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (metadata.Rows * (Int128)metadata.RowBytes > FreeBytes + ((Int128)content.Length * limits.MaxDecompressionRatio))
            throw new InvalidDataException($"The SAS7BDAT file says that it has {metadata.Rows} rows of {metadata.RowBytes} bytes, which its {content.Length} bytes cannot hold.");
        var page = new Sas7bdatPage(header);
        for (var at = 0L; at < header.Pages && _seen < metadata.Rows; at++)
        {
            await Sas7bdatFormat.ReadAsync(content, header, at, page, cancellationToken);
            for (var (row, rows) = (0L, Rows(page)); row < rows && _seen < metadata.Rows; row++)
            {
                Take(page, (int)row);
                if (cells.IsFull && cells.HasRows)
                    yield return cells.Take();
            }
        }

        if (_seen < metadata.Rows)
            throw new InvalidDataException($"The SAS7BDAT file says that it has {metadata.Rows} rows, and holds {_seen}.");
        if (cells.HasRows)
            yield return cells.Take();
    }

    /// <summary>Rows of a page, and places that may be rows.</summary>
    long Rows(Sas7bdatPage page) => Subheaders(page) + page.RowCount(metadata.RowsInMixedPage);

    static int Subheaders(Sas7bdatPage page) => page.HasSubheaders ? page.Pointers : 0;

    void Take(Sas7bdatPage page, int at)
    {
        if (at < Subheaders(page))
        {
            TakePacked(page, page.Pointer(at));
            return;
        }

        var row = at - Subheaders(page);
        var deleted = page.Deleted(metadata.RowBytes);
        var start = page.FirstRow + ((long)row * metadata.RowBytes);
        if (start > page.Bytes.Length - metadata.RowBytes)
            throw new InvalidDataException($"A page of the SAS7BDAT file has more rows than fit: row {_seen + 1} lies outside of it.");
        _seen++;
        if (row >> 3 < deleted.Length && (deleted[row >> 3] & (0x80 >> (row & 7))) != 0)
            _deleted++;
        else
            cells.Add(page.Bytes.Slice((int)start, metadata.RowBytes));
    }

    void TakePacked(Sas7bdatPage page, Sas7bdatPointer pointer)
    {
        if (pointer.IsVoid)
            return;
        var bytes = page.Bytes.Slice(pointer.Offset, pointer.Length);
        if (pointer.Compression == 0 && (metadata.Packing == RowPacking.None || pointer.Kind != 1 || Sas7bdatMetadata.IsKnown(page.Signature(pointer))))
            return;
        _seen++;
        switch (pointer.Compression, metadata.Packing)
        {
            case (0, _) when bytes.Length == metadata.RowBytes:
                cells.Add(bytes);
                return;
            case (4, RowPacking.Repeats):
                RowDecompressor.Repeats(bytes, _row);
                break;
            case (4, RowPacking.Runs):
                RowDecompressor.Runs(bytes, _row);
                break;
            case (5, _):
                _deleted++; // packed, and deleted
                return;
            default:
                throw new InvalidDataException($"Row {_seen} of the SAS7BDAT file is packed in a way that is not known ({pointer.Compression}).");
        }

        cells.Add(_row);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
