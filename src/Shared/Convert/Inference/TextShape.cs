namespace DataIngestion.Conversion.Inference;

/// <summary>What a text looks like.</summary>
[Flags]
internal enum TextShape
{
    None = 0,

    /// <summary>true or false.</summary>
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

    /// <summary>31-Dec-2024, 31 Dec 2024, December 31, 2024 or Tue, 31 Dec 2024.</summary>
    NamedMonthDate = 1 << 10,

    /// <summary>9:30:00 or 09:30:00.5.</summary>
    Time = 1 << 11,
    LocalTimestamp = 1 << 12,
    ZonedTimestamp = 1 << 13,
    Text = 1 << 14,

    /// <summary>2024.12.31.</summary>
    DottedIsoDate = 1 << 15,

    /// <summary>20241231: also a whole number, so the column decides.</summary>
    CompactDate = 1 << 16,

    /// <summary>9:30, or a time with AM or PM: a time of day, never a duration.</summary>
    ShortTime = 1 << 17,

    /// <summary>30:15:00 or -01:00:00: hours, minutes and seconds that are no time of day.</summary>
    LongTime = 1 << 18,

    /// <summary>PT1H30M.</summary>
    IsoDuration = 1 << 19,

    /// <summary>A number with groups, a decimal comma, a currency, a percent sign, or its sign elsewhere than before it.</summary>
    SpelledNumber = 1 << 20,

    /// <summary>yes, no, y, n, t, f, on or off.</summary>
    BooleanWord = 1 << 21,
    Numbers = Integer | Decimal | Scientific | SpelledNumber,
    Dates = IsoDate | SlashedIsoDate | SlashedDate | DashedDate | DottedDate | NamedMonthDate | DottedIsoDate | CompactDate,
    Timestamps = LocalTimestamp | ZonedTimestamp,
    Anything = Text | ZeroLed,
}
