using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataIngestion.Tabular;

/// <summary>
/// The type of a column. Written as text (<c>int64</c>, <c>decimal(18,4)</c>, <c>timestamp(us,utc)</c>, <c>list&lt;string&gt;</c>,
/// <c>struct&lt;bid:double,ask:double not null&gt;</c>), which is also its JSON form.
/// </summary>
[JsonConverter(typeof(DataTypeJson))]
public sealed partial record DataType
{
    /// <summary>The most digits an exact decimal can hold.</summary>
    public const int MaxPrecision = 38;

    /// <summary>The most lists and structs that may lie in each other.</summary>
    public const int MaxDepth = 64;

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

    /// <summary>An unsigned integer of 64 bits.</summary>
    public static DataType UInt64 { get; } = new(DataKind.UInt64);

    /// <summary>IEEE 754 binary32.</summary>
    public static DataType Float { get; } = new(DataKind.Float);

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

    /// <summary>Resolution of times, timestamps and durations.</summary>
    public TimeUnit Unit { get; private init; }

    /// <summary>Whether a timestamp is a moment in UTC; otherwise it is what an unnamed local clock showed.</summary>
    public bool IsUtc { get; private init; }

    /// <summary>The type of a list's elements; null for other kinds.</summary>
    public DataType? Element { get; private init; }

    /// <summary>Whether a list's elements may be null.</summary>
    public bool ElementNullable { get; private init; }

    /// <summary>The fields of a struct; null for other kinds.</summary>
    public DataSchema? Fields { get; private init; }

    /// <summary>Lists and structs around the innermost value; 0 for a flat type.</summary>
    public int Depth { get; private init; }

    /// <summary>Whether values are whole numbers.</summary>
    public bool IsInteger => IsSignedInteger || Kind == DataKind.UInt64;

    internal bool IsSignedInteger => Kind is DataKind.Int8 or DataKind.Int16 or DataKind.Int32 or DataKind.Int64;

    /// <summary>Whether values are integers or exact decimals.</summary>
    public bool IsExactNumber => IsInteger || Kind == DataKind.Decimal;

    /// <summary>Whether values are binary fractions.</summary>
    public bool IsFloating => Kind is DataKind.Float or DataKind.Double;

    /// <summary>Whether values are <see cref="Int128"/> rather than <see cref="long"/> in memory.</summary>
    public bool IsWideDecimal => Kind == DataKind.Decimal && Precision > MaxNarrowPrecision;

    /// <summary>Whether values are held in a <see cref="BytesColumn"/>.</summary>
    public bool IsBytes => Kind is DataKind.String or DataKind.Binary;

    /// <summary>Whether values have values in them: lists and structs.</summary>
    public bool IsNested => Kind is DataKind.List or DataKind.Struct;

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

    /// <summary>A length of time.</summary>
    public static DataType Duration(TimeUnit unit) => new(DataKind.Duration) { Unit = unit };

    /// <summary>Any number of values in each row.</summary>
    /// <param name="element">What they are.</param>
    /// <param name="nullable">Whether one of them may be null.</param>
    /// <exception cref="ArgumentException">Nested beyond <see cref="MaxDepth"/>.</exception>
    public static DataType List(DataType element, bool nullable = true)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new(DataKind.List) { Element = element, ElementNullable = nullable, Depth = Deeper(element.Depth) };
    }

    /// <summary>Named fields in each row.</summary>
    /// <exception cref="ArgumentException">There is no field, two have the same name, or it is nested beyond <see cref="MaxDepth"/>.</exception>
    public static DataType Struct(DataSchema fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count == 0)
            throw new ArgumentException("A struct has at least one field.", nameof(fields));
        return new(DataKind.Struct) { Fields = fields, Depth = Deeper(fields.Max(f => f.Type.Depth)) };
    }

    /// <inheritdoc cref="Struct(DataSchema)"/>
    public static DataType Struct(params IEnumerable<DataColumn> fields) => Struct(new DataSchema(fields));

    static int Deeper(int depth) =>
        depth < MaxDepth ? depth + 1 : throw new ArgumentException($"Lists and structs may lie in each other up to {MaxDepth} times.", nameof(depth));

    /// <summary>Units in a second.</summary>
    internal long UnitsPerSecond => Unit switch
    {
        TimeUnit.Milliseconds => 1_000,
        TimeUnit.Microseconds => 1_000_000,
        _ => 1_000_000_000,
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text names no type; the message lists them.</exception>
    public static DataType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DataTypeText.Parse(text);
    }

    /// <summary>The type as text, e.g. <c>decimal(18,4)</c>.</summary>
    public override string ToString() => DataTypeText.Of(this);

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
