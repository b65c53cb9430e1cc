namespace DataIngestion.Conversion.Bloomberg;

/// <summary>Columns that stand before the requested fields, and values that mean none.</summary>
internal static class ReplyColumns
{
    /// <summary>The security as it was asked for.</summary>
    public const string Identifier = "identifier";

    /// <summary>Return code of the security; 0 is good.</summary>
    public const string ReturnCode = "rcode";

    /// <summary>Number of fields that follow.</summary>
    public const string FieldCount = "nfields";

    /// <summary>gethistory: the field of the series.</summary>
    public const string Field = "field";

    /// <summary>gethistory: the day.</summary>
    public const string Date = "date";

    /// <summary>gethistory: the value.</summary>
    public const string Value = "value";

    /// <summary>The field does not apply to the security.</summary>
    public static readonly byte[] NotApplicable = "N.A."u8.ToArray();

    /// <summary>We have not bought the field, it cannot be had this way, or there is none of the name.</summary>
    public static readonly byte[][] Withheld = ["N.S."u8.ToArray(), "N.D."u8.ToArray(), "FLD UNKNOWN"u8.ToArray()];
}
