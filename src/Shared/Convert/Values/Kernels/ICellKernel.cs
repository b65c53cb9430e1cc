namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>
/// Reads the cells of one column, each from the bytes around it. A kernel is a struct, so that the loop over a column is compiled for it.
/// Its results are those of the column's <see cref="CellParser"/>; a strict one knows only texts that inference puts into the very type.
/// </summary>
/// <typeparam name="T">The storage of the column's kind.</typeparam>
internal interface ICellKernel<T>
    where T : unmanaged
{
    /// <summary>Reads usual texts, quickly. False says nothing: the text may be unusual, or stand too near an end of the data.</summary>
    /// <param name="data">What the cell lies in. Bytes around the cell may be looked at, never used.</param>
    bool TryRead(ReadOnlySpan<byte> data, int start, int length, out T value);

    /// <summary>Reads any text of the type. False means that the text is none.</summary>
    /// <param name="text">Without blanks around it.</param>
    bool TryReadAny(ReadOnlySpan<byte> text, out T value);
}
