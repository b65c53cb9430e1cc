using System.IO.Hashing;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>One data page: its levels are read apart from its values.</summary>
internal readonly record struct OpenPage(PageHeader Header, ReadOnlyMemory<byte> Repetition, ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Rest);

/// <summary>Finds, checks and decompresses the pages of one column chunk. Memory holds one page.</summary>
/// <param name="bytes">The chunk.</param>
/// <param name="codec">Its compression.</param>
/// <param name="hidesCompression">As <see cref="FileInfo.HidesCompression"/>.</param>
/// <param name="decompressor">Undoes it.</param>
internal sealed class PageReader(ChunkBytes bytes, Codec codec, bool hidesCompression, PageDecompressor decompressor) : IDisposable
{
    /// <summary>A page of more bytes than this is damage, not data.</summary>
    const int MaxPage = 1 << 30;

    const int MaxHeader = 1 << 20;
    byte[] _page = [];

    /// <summary>The next page that holds a dictionary or data.</summary>
    public async ValueTask<OpenPage> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = bytes.Position;
            var header = await HeaderAsync(cancellationToken);
            if (header.CompressedSize > MaxPage || header.UncompressedSize > MaxPage)
                throw new InvalidDataException($"The page at byte {at} has {header.UncompressedSize} bytes, which is not plausible.");
            await bytes.FillAsync(header.CompressedSize, cancellationToken);
            if (bytes.Available.Length < header.CompressedSize)
                throw new InvalidDataException($"The file ends inside the page at byte {at}.");
            var stored = bytes.Available[..header.CompressedSize];
            bytes.Advance(header.CompressedSize);
            if (header.Type is not (PageType.Dictionary or PageType.Data or PageType.DataV2))
                continue;
            if (header.Checksum is { } checksum && Crc32.HashToUInt32(stored.Span) != (uint)checksum)
                throw new InvalidDataException($"The page at byte {at} is damaged: its checksum is wrong.");
            try
            {
                return header.Type == PageType.DataV2 ? OpenV2(header, stored) : new(header, default, default, Expand(header, stored, header.UncompressedSize));
            }
            catch (InvalidDataException damaged)
            {
                throw new InvalidDataException($"The page at byte {at}: {damaged.Message}", damaged);
            }
        }
    }

    OpenPage OpenV2(PageHeader header, ReadOnlyMemory<byte> stored)
    {
        var levels = (long)header.DefinitionBytes + header.RepetitionBytes;
        if (levels > header.CompressedSize || levels > header.UncompressedSize)
            throw new InvalidDataException("The levels are longer than the page.");
        var rest = Expand(header, stored[(int)levels..], header.UncompressedSize - (int)levels);
        return new(header, stored[..header.RepetitionBytes], stored.Slice(header.RepetitionBytes, header.DefinitionBytes), rest);
    }

    ReadOnlyMemory<byte> Expand(PageHeader header, ReadOnlyMemory<byte> stored, int size)
    {
        if (size == 0)
            return default;
        if ((!header.IsCompressed && !hidesCompression) || codec == Codec.Uncompressed)
            return stored.Length == size ? stored : throw new InvalidDataException($"It has {stored.Length} bytes, not the {size} it promises.");
        PageDecompressor.CheckPlausible(codec, stored, size);
        Pool.Grow(ref _page, 0, size);
        decompressor.Decompress(codec, stored, _page.AsMemory(0, size));
        return _page.AsMemory(0, size);
    }

    async ValueTask<PageHeader> HeaderAsync(CancellationToken cancellationToken)
    {
        for (var room = 256; ; room *= 8)
        {
            await bytes.FillAsync(room, cancellationToken);
            var available = bytes.Available;
            if (available.IsEmpty)
                throw new InvalidDataException($"The column ends too early, at byte {bytes.Position}.");
            try
            {
                var header = PageHeader.Read(available.Span, out var length);
                bytes.Advance(length);
                return header;
            }
            catch (InvalidDataException) when (room < MaxHeader && available.Length >= room)
            {
                // A header with long statistics; read more of it.
            }
            catch (InvalidDataException damaged)
            {
                throw new InvalidDataException($"The page header at byte {bytes.Position} is damaged: {damaged.Message}", damaged);
            }
        }
    }

    public void Dispose()
    {
        byte[]? page = _page;
        Pool.Return(ref page);
        _page = [];
        bytes.Dispose();
    }
}
