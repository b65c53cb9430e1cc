namespace DataIngestion.Conversion.Sas;

/// <summary>A variable of a SAS data set.</summary>
/// <param name="Format">What it is shown as: a name such as <c>DATE</c>, without width.</param>
/// <param name="Offset">Of its value in a row.</param>
/// <param name="Width">Bytes of its value.</param>
internal sealed record SasColumn(string Name, string Label, string Format, bool IsNumber, int Offset, int Width)
{
    /// <exception cref="InvalidDataException">The value lies outside of the row, or has a width that there is not.</exception>
    public void Check(int rowBytes)
    {
        if (Offset < 0 || Width < 1 || Offset > rowBytes - Width)
            throw new InvalidDataException($"The SAS variable '{Name}' lies at byte {Offset} and has {Width} bytes; a row has {rowBytes}.");
        if (IsNumber && Width is < 2 or > 8)
            throw new InvalidDataException($"The SAS variable '{Name}' is a number of {Width} bytes; numbers have 2 to 8.");
    }
}

/// <summary>A number, or which of SAS's missing values stands in its place.</summary>
/// <param name="Missing"><c>.</c>, <c>_</c> or <c>A</c> to <c>Z</c>; 0 for a number.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct SasNumber(double Value, char Missing);

/// <summary>Reads a number of 2 to 8 bytes.</summary>
internal delegate SasNumber ReadSasNumber(ReadOnlySpan<byte> bytes);
