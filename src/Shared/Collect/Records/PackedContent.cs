using System.IO.Compression;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Artefacts in gzip, or in a zip archive: unpacked to a temporary file where their records have to be known.</summary>
internal static class PackedContent
{
    const long FreeBytes = 64 << 20;
    const int DefaultRatio = 200; // as the converter

    /// <summary>Whether the first bytes are those of gzip or of a zip archive.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> head) => IsGzip(head) || head.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Unpacks.</summary>
    /// <param name="content">A seekable stream at its start.</param>
    /// <param name="entry">The archive's member; null for its only one.</param>
    /// <param name="limits">How large the content may become.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A seekable stream at its start; closing it removes the temporary file.</returns>
    /// <exception cref="UnexpectedContentException">It is damaged, or larger than it may be, or the member is not there.</exception>
    public static async Task<Stream> UnpackAsync(Stream content, string? entry, ReadLimitsDefinition limits, CancellationToken cancellationToken)
    {
        var most = Math.Min(limits.DecompressedBytes ?? long.MaxValue, FreeBytes + (content.Length * (limits.DecompressionRatio ?? DefaultRatio)));
        var unpacked = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await using var member = Open(content, entry);
            await CopyAsync(member, unpacked, most, cancellationToken);
            unpacked.Position = 0;
            return unpacked;
        }
        catch (InvalidDataException damaged)
        {
            await unpacked.DisposeAsync();
            throw new UnexpectedContentException($"cannot be unpacked ({damaged.Message})");
        }
        catch
        {
            await unpacked.DisposeAsync();
            throw;
        }
    }

    static async Task CopyAsync(Stream from, FileStream to, long most, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (to.Length + read > most)
                throw new UnexpectedContentException($"unpacks to more than {most:N0} bytes: raise 'limits.decompressionRatio' or 'limits.decompressedBytes' if that is right");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    static Stream Open(Stream content, string? entry)
    {
        Span<byte> head = stackalloc byte[2];
        content.ReadExactly(head);
        content.Position = 0;
        if (IsGzip(head))
            return new GZipStream(content, CompressionMode.Decompress, leaveOpen: true);
        var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        var files = archive.Entries.Where(e => e.Name.Length > 0 && (entry is null || e.FullName == entry)).ToList();
        return files is [var only]
            ? only.Open()
            : throw new UnexpectedContentException(entry is not null ? $"is an archive without '{entry}'" : $"is an archive of {files.Count} files: say which one with 'format.entry'");
    }

    static bool IsGzip(ReadOnlySpan<byte> head) => head.Length >= 2 && head[0] == 0x1F && head[1] == 0x8B;
}
