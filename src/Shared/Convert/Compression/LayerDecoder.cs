namespace DataIngestion.Conversion.Compression;

/// <summary>
/// Takes one layer of compression off: all members, frames or streams one after the other, with every length and checksum that the format has.
/// The end is clean only where the compressed bytes end, too.
/// </summary>
internal abstract class LayerDecoder : IDisposable
{
    /// <summary>Decompresses some bytes; 0 at the clean end.</summary>
    /// <param name="to">Not empty.</param>
    /// <exception cref="CompressionDamage">The compressed bytes are damaged, cut off, or followed by something else.</exception>
    public abstract int Read(Span<byte> to);

    /// <summary>Gives memory back, not the compressed bytes.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    protected virtual void Release()
    {
    }
}
