namespace DataIngestion.Tabular;

/// <summary>A builder whose rows can be added many at once.</summary>
internal interface IDenseBuilder
{
    /// <summary>Adds rows without a value.</summary>
    void AppendNulls(int rows);

    /// <summary>
    /// Moves the last <paramref name="dense"/> rows, all with values, apart: they are the rows of <paramref name="levels"/> whose level is
    /// <paramref name="present"/>, and the others are null.
    /// </summary>
    void Spread(int dense, ReadOnlySpan<byte> levels, byte present);
}
