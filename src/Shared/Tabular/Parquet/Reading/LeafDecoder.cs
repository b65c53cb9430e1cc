namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>
/// Turns the values of one column's pages into rows of a builder. A page says how its values are encoded, not reliably how many there are:
/// they are read as the levels ask for them.
/// </summary>
internal abstract class LeafDecoder
{
    protected const int Piece = 1024;

    /// <summary>Bytes that a value may take in memory at most, as far as the dictionary and the page in hand tell.</summary>
    public virtual long LargestValue => 16;

    /// <summary>Takes the values of a dictionary page. The bytes are the caller's again afterwards.</summary>
    public abstract void SetDictionary(ReadOnlyMemory<byte> bytes, int count);

    /// <summary>Begins a page. The bytes must stay until the next.</summary>
    /// <param name="bytes">The values.</param>
    /// <param name="values">Values in the page at most, nulls among them.</param>
    /// <param name="encoding">How they are written.</param>
    public abstract void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding);

    /// <summary>Adds values, all of them there.</summary>
    public abstract void Read(ColumnBuilder output, int count);

    /// <summary>Adds rows, of which those with the level <paramref name="present"/> have a value.</summary>
    public void Read(ColumnBuilder output, ReadOnlySpan<byte> levels, byte present)
    {
        var dense = levels.Count(present);
        if (dense > 0)
            Read(output, dense);
        if (dense < levels.Length)
            ((IDenseBuilder)output).Spread(dense, levels, present);
    }

    protected static NotSupportedException Unknown(PageEncoding encoding) =>
        Enum.IsDefined(encoding)
            ? throw new InvalidDataException($"Values of this type cannot be in the encoding {encoding}.")
            : new($"Parquet encoding number {(int)encoding} is not known.");
}
