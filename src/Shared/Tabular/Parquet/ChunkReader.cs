using System.Buffers;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Reads one column of a row group page by page; memory holds one page and the dictionary.</summary>
internal sealed class ChunkReader : IDisposable
{
    /// <summary>A page of more bytes than this is damage, not data.</summary>
    const int MaxPage = 1 << 30;
    const int HeaderRoom = 256;
    readonly Stream _input;
    readonly ChunkInfo _chunk;
    readonly PageDecompressor _decompressor;
    readonly ValueDecoder _decoder;
    readonly bool _nullable;
    long _position;
    byte[] _compressed = [];
    byte[] _page = [];
    int[] _levels = [];
    int _pageRows;
    int _pageAt;
    bool _pageHasNulls;

    public ChunkReader(Stream input, ChunkInfo chunk, SchemaElement element, DataType type, bool nullable, PageDecompressor decompressor)
    {
        (_input, _chunk, _nullable, _decompressor) = (input, chunk, nullable, decompressor);
        _decoder = ValueDecoder.For(element, type);
        _position = chunk.Start;
    }

    /// <summary>Adds the next rows to a builder.</summary>
    public async ValueTask ReadAsync(ColumnBuilder output, int rows, CancellationToken cancellationToken)
    {
        while (rows > 0)
        {
            if (_pageAt == _pageRows)
            {
                await NextPageAsync(cancellationToken);
                continue;
            }

            var take = Math.Min(rows, _pageRows - _pageAt);
            Emit(output, take);
            _pageAt += take;
            rows -= take;
        }
    }

    void Emit(ColumnBuilder output, int take)
    {
        if (!_pageHasNulls)
        {
            _decoder.Emit(output, take);
            return;
        }

        for (var row = _pageAt; row < _pageAt + take;)
        {
            var valid = _levels[row] != 0;
            var run = 1;
            while (row + run < _pageAt + take && _levels[row + run] != 0 == valid)
                run++;
            if (valid)
                _decoder.Emit(output, run);
            else
                for (var i = 0; i < run; i++)
                    output.AppendNull();
            row += run;
        }
    }

    async ValueTask NextPageAsync(CancellationToken cancellationToken)
    {
        var header = await ReadHeaderAsync(cancellationToken);
        if (header.CompressedSize > MaxPage || header.UncompressedSize > MaxPage)
            throw new InvalidDataException($"A page of {header.UncompressedSize} bytes is not plausible.");
        Pool.Grow(ref _compressed, 0, header.CompressedSize);
        await ReadExactlyAsync(_compressed.AsMemory(0, header.CompressedSize), cancellationToken);
        switch (header.Type)
        {
            case PageType.Dictionary:
                Expand(header, header.UncompressedSize, 0);
                _decoder.SetDictionary(_page.AsMemory(0, header.UncompressedSize), header.Values);
                _page = [];
                break;
            case PageType.Data:
                Expand(header, header.UncompressedSize, 0);
                OpenPage(header, _nullable ? ReadLevels(header) : 0);
                break;
            case PageType.DataV2:
                OpenV2(header);
                break;
            default:
                break;
        }
    }

    void OpenV2(PageHeader header)
    {
        var levels = header.DefinitionBytes + header.RepetitionBytes;
        if (levels > header.CompressedSize || levels > header.UncompressedSize)
            throw new InvalidDataException("A page's levels are longer than the page.");
        Expand(header, header.UncompressedSize, levels);
        if (_nullable)
            DecodeLevels(_page.AsSpan(header.RepetitionBytes, header.DefinitionBytes), header.Values);
        else
            _pageHasNulls = false;
        OpenPage(header, levels);
    }

    /// <summary>Decompresses the page, of which the first bytes may be plain.</summary>
    void Expand(PageHeader header, int size, int plain)
    {
        Pool.Grow(ref _page, 0, Math.Max(1, size));
        _compressed.AsSpan(0, plain).CopyTo(_page);
        var codec = header.IsCompressed ? _chunk.Codec : Codec.Uncompressed;
        if (size > plain || header.CompressedSize > plain)
            _decompressor.Decompress(codec, _compressed.AsMemory(plain, header.CompressedSize - plain), _page.AsSpan(plain, size - plain));
    }

    void OpenPage(PageHeader header, int start)
    {
        if (header.UncompressedSize < start)
            throw new InvalidDataException("A page's levels are longer than the page.");
        (_pageRows, _pageAt) = (header.Values, 0);
        var values = header.Values;
        if (_nullable && _pageHasNulls)
            values = header.Values - _levels.AsSpan(0, header.Values).Count(0);
        _decoder.SetPage(_page.AsMemory(start, header.UncompressedSize - start), values, header.Encoding);
        if (!_nullable)
            _pageHasNulls = false;
    }

    /// <summary>Returns where the values start.</summary>
    int ReadLevels(PageHeader header)
    {
        if (header.LevelEncoding != PageEncoding.Rle)
            throw new NotSupportedException("Bit-packed definition levels (a form abandoned in 2013) cannot be read.");
        if (header.UncompressedSize < 4 || BitConverter.ToInt32(_page) is var length && (length < 0 || length > header.UncompressedSize - 4))
            throw new InvalidDataException("A page's levels are longer than the page.");
        length = BitConverter.ToInt32(_page);
        DecodeLevels(_page.AsSpan(4, length), header.Values);
        return length + 4;
    }

    void DecodeLevels(ReadOnlySpan<byte> bytes, int rows)
    {
        if (rows > _chunk.Values)
            throw new InvalidDataException($"A page has {rows} values in a column of {_chunk.Values}.");
        Pool.Grow(ref _levels, 0, Math.Max(1, rows));
        HybridRuns.Decode(bytes, 1, _levels.AsSpan(0, rows));
        _pageHasNulls = _levels.AsSpan(0, rows).Contains(0);
    }

    async ValueTask<PageHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (_position < 0 || _position >= _input.Length)
            throw new InvalidDataException($"A column ends too early, at byte {_position}.");
        for (var room = HeaderRoom; ; room *= 8)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(room);
            try
            {
                _input.Position = _position;
                var read = await _input.ReadAtLeastAsync(buffer.AsMemory(0, room), room, throwOnEndOfStream: false, cancellationToken);
                var header = PageHeader.Read(buffer.AsSpan(0, read), out var length);
                _position += length;
                return header;
            }
            catch (InvalidDataException) when (room < 1 << 20 && _position + room < _input.Length)
            {
                // A header with long statistics; read more of it.
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    async ValueTask ReadExactlyAsync(Memory<byte> memory, CancellationToken cancellationToken)
    {
        _input.Position = _position;
        if (await _input.ReadAtLeastAsync(memory, memory.Length, throwOnEndOfStream: false, cancellationToken) < memory.Length)
            throw new InvalidDataException($"The file ends inside a page at byte {_position}.");
        _position += memory.Length;
    }

    public void Dispose()
    {
        byte[]? compressed = _compressed, page = _page;
        int[]? levels = _levels;
        Pool.Return(ref compressed);
        Pool.Return(ref page);
        Pool.Return(ref levels);
        (_compressed, _page, _levels) = ([], [], []);
    }
}
