namespace DataIngestion.Conversion.Inference;

/// <summary>What a text looks like.</summary>
[Flags]
internal enum TextShape
{
    None = 0,
    Boolean = 1,
    Integer = 1 << 1,
    Decimal = 1 << 2,
    Scientific = 1 << 3,

    /// <summary>A number with zeros before it: a code, not a number.</summary>
    ZeroLed = 1 << 4,

    /// <summary>2024-12-31.</summary>
    IsoDate = 1 << 5,

    /// <summary>2024/12/31.</summary>
    SlashedIsoDate = 1 << 6,

    /// <summary>31/12/2024 or 12/31/2024: the column decides.</summary>
    SlashedDate = 1 << 7,

    /// <summary>31-12-2024 or 12-31-2024: the column decides.</summary>
    DashedDate = 1 << 8,

    /// <summary>31.12.2024.</summary>
    DottedDate = 1 << 9,

    /// <summary>31-Dec-2024 or 31 Dec 2024.</summary>
    NamedMonthDate = 1 << 10,
    Time = 1 << 11,
    LocalTimestamp = 1 << 12,
    ZonedTimestamp = 1 << 13,
    Text = 1 << 14,
    Numbers = Integer | Decimal | Scientific,
    Anything = Text | ZeroLed,
}
