using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

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
}

/// <summary>The resolution of times and timestamps.</summary>
public enum TimeUnit
{
    /// <summary>10^-3 s.</summary>
    Milliseconds,

    /// <summary>10^-6 s.</summary>
    Microseconds,

    /// <summary>10^-9 s.</summary>
    Nanoseconds,
}

/// <summary>
/// The type of a column. Written as text (<c>int64</c>, <c>decimal(18,4)</c>, <c>timestamp(us,utc)</c>, <c>time(us)</c>),
/// which is also its JSON form.
/// </summary>
[JsonConverter(typeof(DataTypeJson))]
public sealed record DataType
{
    /// <summary>The most digits an exact decimal can hold.</summary>
    public const int MaxPrecision = 38;

    internal const int MaxNarrowPrecision = 18;

    DataType(DataKind kind) => Kind = kind;

    /// <summary>True or false.</summary>
    public static DataType Boolean { get; } = new(DataKind.Boolean);

    /// <summary>A signed integer of 8 bits.</summary>
    public static DataType Int8 { get; } = new(DataKind.Int8);

    /// <summary>A signed integer of 16 bits.</summary>
    public static DataType Int16 { get; } = new(DataKind.Int16);

    /// <summary>A signed integer of 32 bits.</summary>
    public static DataType Int32 { get; } = new(DataKind.Int32);

    /// <summary>A signed integer of 64 bits.</summary>
    public static DataType Int64 { get; } = new(DataKind.Int64);

    /// <summary>IEEE 754 binary64.</summary>
    public static DataType Double { get; } = new(DataKind.Double);

    /// <summary>UTF-8 text.</summary>
    public static DataType String { get; } = new(DataKind.String);

    /// <summary>Bytes.</summary>
    public static DataType Binary { get; } = new(DataKind.Binary);

    /// <summary>A calendar day.</summary>
    public static DataType Date { get; } = new(DataKind.Date);

    /// <summary>The family.</summary>
    public DataKind Kind { get; private init; }

    /// <summary>Digits of a decimal, 1–38; 0 for other kinds.</summary>
    public int Precision { get; private init; }

    /// <summary>Digits of a decimal after the point, 0–<see cref="Precision"/>; 0 for other kinds.</summary>
    public int Scale { get; private init; }

    /// <summary>Resolution of times and timestamps.</summary>
    public TimeUnit Unit { get; private init; }

    /// <summary>Whether a timestamp is a moment in UTC; otherwise it is what an unnamed local clock showed.</summary>
    public bool IsUtc { get; private init; }

    /// <summary>Whether values are whole numbers.</summary>
    public bool IsInteger => Kind is DataKind.Int8 or DataKind.Int16 or DataKind.Int32 or DataKind.Int64;

    /// <summary>Whether values are integers or exact decimals.</summary>
    public bool IsExactNumber => IsInteger || Kind == DataKind.Decimal;

    /// <summary>Whether values are <see cref="Int128"/> rather than <see cref="long"/> in memory.</summary>
    public bool IsWideDecimal => Kind == DataKind.Decimal && Precision > MaxNarrowPrecision;

    /// <summary>Whether values are held in a <see cref="BytesColumn"/>.</summary>
    public bool IsBytes => Kind is DataKind.String or DataKind.Binary;

    /// <summary>An exact decimal.</summary>
    /// <param name="precision">All digits, 1–38.</param>
    /// <param name="scale">Digits after the point, 0–<paramref name="precision"/>.</param>
    public static DataType Decimal(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, MaxPrecision);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new(DataKind.Decimal) { Precision = precision, Scale = scale };
    }

    /// <summary>A time of day.</summary>
    public static DataType Time(TimeUnit unit) => new(DataKind.Time) { Unit = unit };

    /// <summary>A moment in UTC, or a local clock's reading.</summary>
    public static DataType Timestamp(TimeUnit unit, bool isUtc) => new(DataKind.Timestamp) { Unit = unit, IsUtc = isUtc };

    /// <summary>
    /// The narrowest type that holds every value of both exactly, or null where there is none but text.
    /// A decimal never widens to a double.
    /// </summary>
    public static DataType? Widen(DataType left, DataType right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left == right)
            return left;
        if (left.IsInteger && right.IsInteger)
            return left.Kind > right.Kind ? left : right;
        if (left.IsExactNumber && right.IsExactNumber)
        {
            var scale = Math.Max(left.Scale, right.Scale);
            var whole = Math.Max(left.WholeDigits, right.WholeDigits);
            return whole + scale <= MaxPrecision ? Decimal(whole + scale, scale) : null;
        }

        if (left.Kind == right.Kind && left.IsUtc == right.IsUtc)
            return left.Unit > right.Unit ? left : right;
        if (left.Kind == DataKind.Double && right.Kind is DataKind.Int8 or DataKind.Int16 or DataKind.Int32)
            return left;
        return right.Kind == DataKind.Double && left.Kind is DataKind.Int8 or DataKind.Int16 or DataKind.Int32 ? right : null;
    }

    int WholeDigits => Kind switch
    {
        DataKind.Int8 => 3,
        DataKind.Int16 => 5,
        DataKind.Int32 => 10,
        DataKind.Int64 => 19,
        _ => Precision - Scale,
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text names no type; the message lists them.</exception>
    public static DataType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).Trim();
        var arguments = open < 0 || !text.EndsWith(')') ? [] : text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        DataType? type = (name, arguments) switch
        {
            ("boolean", []) => Boolean,
            ("int8", []) => Int8,
            ("int16", []) => Int16,
            ("int32", []) => Int32,
            ("int64", []) => Int64,
            ("double", []) => Double,
            ("string", []) => String,
            ("binary", []) => Binary,
            ("date", []) => Date,
            ("decimal", [var p, var s])
                when int.TryParse(p, NumberStyles.None, null, out var precision) && int.TryParse(s, NumberStyles.None, null, out var scale)
                    && precision is >= 1 and <= MaxPrecision && scale <= precision => Decimal(precision, scale),
            ("time", [var u]) when UnitOf(u) is { } unit => Time(unit),
            ("timestamp", [var u]) when UnitOf(u) is { } unit => Timestamp(unit, isUtc: false),
            ("timestamp", [var u, "utc"]) when UnitOf(u) is { } unit => Timestamp(unit, isUtc: true),
            _ => null,
        };
        return type ?? throw new FormatException(
            $"'{text}' is not a column type; expected boolean, int8, int16, int32, int64, double, string, binary, date, "
            + "decimal(PRECISION,SCALE), time(ms|us|ns), timestamp(ms|us|ns) or timestamp(ms|us|ns,utc).");
    }

    static TimeUnit? UnitOf(string text) => text switch
    {
        "ms" => TimeUnit.Milliseconds,
        "us" => TimeUnit.Microseconds,
        "ns" => TimeUnit.Nanoseconds,
        _ => null,
    };

    /// <summary>Units in a second.</summary>
    internal long UnitsPerSecond => Unit switch
    {
        TimeUnit.Milliseconds => 1_000,
        TimeUnit.Microseconds => 1_000_000,
        _ => 1_000_000_000,
    };

    /// <summary>The type as text, e.g. <c>decimal(18,4)</c>.</summary>
    public override string ToString()
    {
        var unit = Unit switch { TimeUnit.Milliseconds => "ms", TimeUnit.Microseconds => "us", _ => "ns" };
        return Kind switch
        {
            DataKind.Decimal => $"decimal({Precision},{Scale})",
            DataKind.Time => $"time({unit})",
            DataKind.Timestamp => IsUtc ? $"timestamp({unit},utc)" : $"timestamp({unit})",
            _ => Kind.ToString().ToLowerInvariant(),
        };
    }

    sealed class DataTypeJson : JsonConverter<DataType>
    {
        public override DataType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Parse(reader.GetString() ?? "");
            }
            catch (FormatException wrong)
            {
                throw new JsonException(wrong.Message, wrong);
            }
        }

        public override void Write(Utf8JsonWriter writer, DataType value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
