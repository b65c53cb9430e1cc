using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Moves one value from the writer's encoding to a column of the reader's type. Compiled once for a schema; holds no state of a value.</summary>
internal abstract class AvroDecoder
{
    /// <param name="to">The builder of the type that was compiled for.</param>
    public abstract void Read(ref AvroInput input, ColumnBuilder to);
}

/// <summary>Nothing, in any column.</summary>
internal sealed class NullDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => to.AppendNull();
}

/// <summary>A value that has no place in the reader's schema, which is only known to be wrong once it occurs.</summary>
internal sealed class MismatchDecoder(string why) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => throw new InvalidDataException(why);
}

/// <summary>A value that the writer did not write: the reader's default in Avro's encoding.</summary>
internal sealed class DefaultDecoder(AvroDecoder decoder, byte[] value) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var constant = new AvroInput(value, 64, value.Length + 1L);
        decoder.Read(ref constant, to);
    }
}
