namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Bytes that are put one behind the other.</summary>
internal sealed class ByteGatherer
{
    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Room for more.</summary>
    /// <exception cref="NotSupportedException">There would be more than an array holds.</exception>
    public Span<byte> Put(long count)
    {
        if (Length + count > Array.MaxLength)
            throw new NotSupportedException($"A column of 1,024 rows takes more than {Array.MaxLength >> 20} MiB, which one batch of an Arrow file does not hold here.");
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(Length + count, Math.Max(4096, _bytes.Length * 2L))));
        Length += (int)count;
        return _bytes.AsSpan(Length - (int)count, (int)count);
    }

    public Span<byte> this[Range range] => _bytes.AsSpan(0, Length)[range];

    public void Clear() => Length = 0;
}
