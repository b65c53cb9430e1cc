using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives;

/// <summary>What an archive, with all those inside it, may still grow to.</summary>
/// <param name="limits">Bounds.</param>
/// <param name="stored">Bytes of the outermost archive as stored.</param>
internal sealed class ArchiveBudget(ConversionLimits limits, Func<long> stored)
{
    const long Free = 64 << 20;

    int _entries;
    long _bytes;

    /// <summary>Bounds.</summary>
    public ConversionLimits Limits => limits;

    /// <summary>Counts one more member, folders too.</summary>
    /// <exception cref="CompressionDamage">There are too many.</exception>
    public void TakeEntry()
    {
        if (++_entries > limits.MaxEntries)
            throw new CompressionDamage($"it has more than {limits.MaxEntries} entries, those of archives inside it counted: the limit 'entries' says where to stop");
    }

    /// <summary>Counts bytes that were unpacked.</summary>
    /// <exception cref="ConversionException">There are too many.</exception>
    public void TakeBytes(long count)
    {
        _bytes += count;
        if (_bytes > limits.MaxDecompressedBytes)
            throw new ConversionException($"The archive is larger than {limits.MaxDecompressedBytes} bytes when unpacked; the limit 'decompressedBytes' says where to stop.");
        if (_bytes > Free && _bytes / limits.MaxDecompressionRatio > stored())
            throw new ConversionException(
                $"The archive grows more than {limits.MaxDecompressionRatio} times when unpacked ({stored()} to {_bytes} bytes so far); the limit 'decompressionRatio' says how often it may.");
    }
}
