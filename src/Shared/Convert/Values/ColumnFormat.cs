using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values;

/// <summary>How bytes are written as text.</summary>
internal enum BinaryForm : byte
{
    Base64,
    Hexadecimal,
}

/// <summary>How a column spells its values. The default is how most do, and what the fast paths know.</summary>
internal sealed record ColumnFormat
{
    /// <summary>ISO 8601, plain numbers, true and false.</summary>
    public static ColumnFormat Default { get; } = new();

    /// <summary>How dates are written, alone or in timestamps; none: every form that leaves nothing open. Of a duration: clock or ISO 8601.</summary>
    public TextShape Shape { get; init; }

    /// <summary>Which of two small numbers is the day; null where nothing tells.</summary>
    public bool? DayFirst { get; init; } = true;

    public NumberSpelling Numbers { get; init; } = NumberSpelling.Plain;

    /// <summary>The pair of words of <see cref="BooleanText"/>.</summary>
    public int Words { get; init; } = BooleanText.TrueFalse;

    /// <summary>Nanoseconds of one count where timestamps are counted since 1970; 0 where they are not.</summary>
    public long EpochCount { get; init; }

    public BinaryForm Binary { get; init; }

    /// <summary>Whether the fast paths for ISO 8601, plain numbers, and true and false read every value of the column.</summary>
    public bool IsDefault =>
        Numbers.IsPlain && Words == BooleanText.TrueFalse && EpochCount == 0 && Binary == BinaryForm.Base64 && Shape is TextShape.None or TextShape.IsoDate;

    /// <summary>The format in words, such as <c>dd/MM/yyyy</c> or <c>1.234.567,89 EUR</c>; empty where it is the default.</summary>
    public override string ToString()
    {
        if (!Numbers.IsPlain)
            return Numbers.ToString();
        if (Words != BooleanText.TrueFalse)
            return BooleanText.Name(Words);
        return Shape switch
        {
            TextShape.SlashedIsoDate => "yyyy/MM/dd",
            TextShape.DottedIsoDate => "yyyy.MM.dd",
            TextShape.CompactDate => "yyyyMMdd",
            TextShape.SlashedDate => DayFirst == false ? "MM/dd/yyyy" : "dd/MM/yyyy",
            TextShape.DashedDate => DayFirst == false ? "MM-dd-yyyy" : "dd-MM-yyyy",
            TextShape.DottedDate => "dd.MM.yyyy",
            TextShape.NamedMonthDate => "dd MMM yyyy",
            TextShape.LongTime => "H:mm:ss",
            TextShape.IsoDuration => "PTnHnMnS",
            _ => "",
        };
    }
}
