using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>One input of a conversion: a file, a member of an archive, a table of a workbook or database, or standard input.</summary>
/// <param name="Shown">How the person named it, with its part.</param>
/// <param name="Path">Where its bytes lie.</param>
/// <param name="Name">Its content's own name.</param>
/// <param name="Stem">What its output is called, without an extension.</param>
internal sealed record ConversionSource(string Shown, string Path, string Name, string Stem)
{
    /// <summary>The member of an archive; null where the input is the file.</summary>
    public InputPart? Member { get; init; }

    /// <summary>The table to read; null for the only one, or the natural one.</summary>
    public string? Table { get; init; }

    /// <summary>Opens its bytes from the start.</summary>
    public Stream Open() => Member?.Open() ?? OpenFile();

    FileStream OpenFile() => new(Path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16, Share = FileShare.ReadWrite | FileShare.Delete });

    /// <summary>How long the file is and when it was last written, to tell whether it changed.</summary>
    public FileState State()
    {
        var file = new FileInfo(Path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : new(-1, default);
    }

    /// <summary>Why what was read is not one file, or null.</summary>
    /// <param name="before">Its state before it was read.</param>
    public string? Change(FileState before)
    {
        var now = State();
        if (now == before)
            return null;
        var what = now.Length < 0 ? "disappeared"
            : now.Length > before.Length ? $"grew from {before.Length} to {now.Length} bytes"
            : now.Length < before.Length ? $"shrank from {before.Length} to {now.Length} bytes"
            : "was written to";
        return $"'{Shown}' {what} while it was read: convert it again when it is complete.";
    }
}

/// <summary>What tells whether a file changed.</summary>
/// <param name="Length">Bytes; -1 where there is no file.</param>
/// <param name="Written">When it was last written.</param>
internal readonly record struct FileState(long Length, DateTime Written);
