namespace DataIngestion.Conversion.Dbf;

/// <summary>A field of a record.</summary>
/// <param name="Kind">Its type: C N F D L M T Y B I @ O + V Q G P W, and 0 for the flags of the record's nulls.</param>
/// <param name="Start">Its first byte in the record, of which byte 0 says whether it is deleted.</param>
/// <param name="Flag">The number of its bit in the flags that says that it is null; -1 where it cannot be.</param>
/// <param name="LengthFlag">The number of the bit that says that its last byte is its length; -1 where it has none.</param>
internal sealed record DbfField(string Name, char Kind, int Start, int Length, int Decimals, int Flag = -1, int LengthFlag = -1)
{
    /// <summary>Whether its value lies in a file beside.</summary>
    public bool IsMemo(bool isFoxPro) => Kind is 'M' or 'G' or 'P' or 'W' || (Kind == 'B' && !isFoxPro);
}
