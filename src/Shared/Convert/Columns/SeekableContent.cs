namespace DataIngestion.Conversion.Columns;

/// <summary>Content that is read from its end and here and there.</summary>
internal static class SeekableContent
{
    /// <summary>Whether reading anywhere costs little: of a stored object every step would be a request.</summary>
    public static bool IsNear(Stream content) => content is FileStream or MemoryStream or Archives.SeekableStream;

    /// <summary>A temporary file with the content, at its start; it goes when it is closed.</summary>
    public static async Task<Stream> CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await content.CopyToAsync(file, 1 << 20, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
