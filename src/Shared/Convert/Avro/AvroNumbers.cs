using System.Numerics;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

internal sealed class BooleanDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((FixedBuilder<bool>)to).Append(input.ReadBoolean());
}

/// <summary>An int as itself or as days.</summary>
internal sealed class IntDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((FixedBuilder<int>)to).Append(input.ReadInt());
}

/// <summary>An int or long as long: both are encoded alike.</summary>
internal sealed class LongDecoder(bool isInt) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((FixedBuilder<long>)to).Append(isInt ? input.ReadInt() : input.ReadLong());
}

/// <summary>An int or long that our writer says is narrower.</summary>
internal sealed class NarrowDecoder<T> : AvroDecoder
    where T : unmanaged, IComparable<T>, INumberBase<T>
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var value = input.ReadLong();
        ((FixedBuilder<T>)to).Append(T.IsInteger(T.CreateTruncating(value)) && long.CreateTruncating(T.CreateTruncating(value)) == value
            ? T.CreateTruncating(value)
            : throw new InvalidDataException($"the number {value} does not fit into {typeof(T).Name}"));
    }
}

/// <summary>A number as a binary fraction (promotions of 1.12, "Schema Resolution").</summary>
internal sealed class FloatDecoder(AvroKind written) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((FixedBuilder<float>)to).Append(written switch
    {
        AvroKind.Int => input.ReadInt(),
        AvroKind.Long => input.ReadLong(),
        _ => input.ReadFloat(),
    });
}

/// <inheritdoc cref="FloatDecoder"/>
internal sealed class DoubleDecoder(AvroKind written) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((FixedBuilder<double>)to).Append(written switch
    {
        AvroKind.Int => input.ReadInt(),
        AvroKind.Long => input.ReadLong(),
        AvroKind.Float => input.ReadFloat(),
        _ => input.ReadDouble(),
    });
}

/// <summary>Units since midnight.</summary>
internal sealed class TimeDecoder(TimeUnit unit) : AvroDecoder
{
    readonly long _day = 86_400L * (unit switch { TimeUnit.Milliseconds => 1_000, TimeUnit.Microseconds => 1_000_000, _ => 1_000_000_000 });

    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var units = input.ReadLong();
        ((FixedBuilder<long>)to).Append(units >= 0 && units < _day ? units : throw new InvalidDataException($"the time of day {units} is not within a day"));
    }
}

/// <summary>Months, days and milliseconds, which have no common measure (1.12, "Duration").</summary>
internal sealed class DurationDecoder : AvroDecoder
{
    public static DataType Type { get; } = DataType.Struct(new DataColumn("months", DataType.Int64, false), new("days", DataType.Int64, false), new("milliseconds", DataType.Int64, false));

    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var parts = (StructBuilder)to;
        var value = input.ReadFixed(12);
        for (var i = 0; i < 3; i++)
            ((FixedBuilder<long>)parts[i]).Append(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(value[(4 * i)..]));
        parts.EndStruct();
    }
}
