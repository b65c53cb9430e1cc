using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>What a record's encoding holds at one place, and where it goes.</summary>
/// <param name="Field">The reader's field; -1 where the reader has none.</param>
/// <param name="Decoder">Null where the value is passed over.</param>
internal readonly record struct AvroStep(int Field, AvroDecoder? Decoder, AvroSchema? Skipped);

/// <summary>A record as a struct, or as a row.</summary>
internal sealed class RecordDecoder(AvroStep[] steps) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var fields = (StructBuilder)to;
        foreach (var step in steps)
        {
            if (step.Decoder is { } decoder)
                decoder.Read(ref input, fields[step.Field]);
            else
                AvroSkip.Value(step.Skipped!, ref input);
        }

        fields.EndStruct();
    }

    public void Read(ref AvroInput input, RecordBatchBuilder to)
    {
        foreach (var step in steps)
        {
            if (step.Decoder is { } decoder)
                decoder.Read(ref input, to[step.Field]);
            else
                AvroSkip.Value(step.Skipped!, ref input);
        }

        to.EndRow();
    }
}

/// <param name="least">Bytes that an item takes at least.</param>
internal sealed class ArrayDecoder(AvroDecoder element, int least) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var list = (ListBuilder)to;
        var elements = list.Elements;
        for (int count; (count = input.ReadBlock(least)) > 0;)
        {
            for (var i = 0; i < count; i++)
                element.Read(ref input, elements);
        }

        list.EndList();
    }
}

/// <summary>A map as a list of its entries, in their order.</summary>
internal sealed class MapDecoder(AvroDecoder value, int least) : AvroDecoder
{
    public static DataType Type(DataType value, bool nullable) =>
        DataType.List(DataType.Struct(new DataColumn("key", DataType.String, false), new("value", value, nullable)), nullable: false);

    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var list = (ListBuilder)to;
        var entries = (StructBuilder)list.Elements;
        var (keys, values) = ((BytesBuilder)entries[0], entries[1]);
        for (int count; (count = input.ReadBlock(least + 1)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                StringDecoder.Append(keys, input.ReadBytes());
                value.Read(ref input, values);
                entries.EndStruct();
            }
        }

        list.EndList();
    }
}

/// <summary>The writer's union: each branch goes to the same column in its own way.</summary>
internal sealed class UnionDecoder(AvroDecoder[] branches) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var index = input.ReadLong();
        if ((ulong)index >= (ulong)branches.Length)
            throw new InvalidDataException($"a union has the branch number {index} of {branches.Length}");
        branches[(int)index].Read(ref input, to);
    }
}

/// <summary>One branch of a union that is a struct with a field for each: the others have no value.</summary>
internal sealed class BranchDecoder(AvroDecoder value, int field) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var branches = (StructBuilder)to;
        value.Read(ref input, branches[field]);
        branches.EndStruct();
    }
}
