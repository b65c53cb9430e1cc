namespace DataIngestion.Conversion.Arrow;

/// <summary>Where bodies of batches are kept while they are read, and how large they may grow.</summary>
internal sealed class BodyScratch(ConversionLimits limits)
{
    /// <summary>What a batch may take in memory; what is more lies in a temporary file.</summary>
    public const int MostInMemory = 64 << 20;

    const long Free = 64L << 20;

    long _decompressed;

    /// <summary>Bytes of the content that were read.</summary>
    public long BytesRead { get; set; }

    /// <summary>Whether so many more bytes may be decompressed, in relation to those read.</summary>
    public bool MayDecompress(long length)
    {
        var most = Int128.Min(limits.MaxDecompressedBytes, Free + ((Int128)BytesRead * limits.MaxDecompressionRatio));
        if (_decompressed + (Int128)length > most)
            return false;
        _decompressed += length;
        return true;
    }

    /// <summary>A file that goes when it is closed.</summary>
    public static Stream TemporaryFile() => new FileStream(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
}
