namespace DataIngestion.Tabular;

/// <summary>The families of column types.</summary>
public enum DataKind
{
    /// <summary>True or false; <see cref="FixedColumn{T}"/> of <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A signed integer of 8 bits; <see cref="FixedColumn{T}"/> of <see cref="sbyte"/>.</summary>
    Int8,

    /// <summary>A signed integer of 16 bits; <see cref="FixedColumn{T}"/> of <see cref="short"/>.</summary>
    Int16,

    /// <summary>A signed integer of 32 bits; <see cref="FixedColumn{T}"/> of <see cref="int"/>.</summary>
    Int32,

    /// <summary>A signed integer of 64 bits; <see cref="FixedColumn{T}"/> of <see cref="long"/>.</summary>
    Int64,

    /// <summary>An exact decimal; the unscaled value as <see cref="long"/> up to 18 digits, as <see cref="Int128"/> up to 38.</summary>
    Decimal,

    /// <summary>IEEE 754 binary64; <see cref="FixedColumn{T}"/> of <see cref="double"/>.</summary>
    Double,

    /// <summary>UTF-8 text; <see cref="BytesColumn"/>.</summary>
    String,

    /// <summary>Bytes; <see cref="BytesColumn"/>.</summary>
    Binary,

    /// <summary>A calendar day; days since 1970-01-01 as <see cref="int"/>.</summary>
    Date,

    /// <summary>A time of day; units since midnight as <see cref="long"/>.</summary>
    Time,

    /// <summary>A moment; units since 1970-01-01T00:00 as <see cref="long"/>, of UTC or of an unnamed local clock.</summary>
    Timestamp,

    /// <summary>An unsigned integer of 64 bits; <see cref="FixedColumn{T}"/> of <see cref="ulong"/>.</summary>
    UInt64,

    /// <summary>IEEE 754 binary32; <see cref="FixedColumn{T}"/> of <see cref="float"/>.</summary>
    Float,

    /// <summary>A length of time; units as <see cref="long"/>, negative for backwards.</summary>
    Duration,

    /// <summary>Any number of values of one type in each row; <see cref="ListColumn"/>.</summary>
    List,

    /// <summary>Named fields in each row; <see cref="StructColumn"/>.</summary>
    Struct,
}

/// <summary>The resolution of times, timestamps and durations.</summary>
public enum TimeUnit
{
    /// <summary>10^-3 s.</summary>
    Milliseconds,

    /// <summary>10^-6 s.</summary>
    Microseconds,

    /// <summary>10^-9 s.</summary>
    Nanoseconds,
}
