using System.IO.Compression;

namespace DataIngestion.Cli.Shipping;

/// <summary>Makes a package of a folder so that the same files always become the same bytes: in order of their names, without times, owners or modes of this machine.</summary>
internal static class ZipPackage
{
    // The first moment that the format knows.
    static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // rw-r--r-- of a regular file, in the upper half as Unix keeps it. Apps are started by 'dotnet', libraries are loaded: nothing needs to be executable.
    const int RegularFile = (0x81A4) << 16;

    /// <summary>Writes it in place of an older one.</summary>
    /// <returns>The bytes that each file takes in the package, by its name there.</returns>
    public static async Task<IReadOnlyDictionary<string, long>> WriteAsync(string folder, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".draft";
        await using (var file = File.Create(draft))
        await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            foreach (var (name, source) in FilesOf(folder))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = Epoch;
                entry.ExternalAttributes = RegularFile;
                await using var content = await entry.OpenAsync(cancellationToken);
                await using var from = File.OpenRead(source);
                await from.CopyToAsync(content, cancellationToken);
            }
        }

        File.Move(draft, path, overwrite: true);
        await using var written = await ZipFile.OpenReadAsync(path, cancellationToken);
        return written.Entries.ToDictionary(e => e.FullName, e => e.CompressedLength, StringComparer.Ordinal);
    }

    /// <summary>The files below a folder with their names in a package, in order.</summary>
    public static IEnumerable<(string Name, string Path)> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Path: file))
            .OrderBy(f => f.Name, StringComparer.Ordinal);
}
