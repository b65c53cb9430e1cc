using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Makes the decoder that moves what a writer's schema encodes to the columns of a reader's schema, once for an input.</summary>
internal sealed class AvroCompiler
{
    readonly AvroJsonCompiler _json = new();

    /// <exception cref="InvalidDataException">The reader's schema cannot take the writer's values.</exception>
    public AvroDecoder Compile(AvroSchema writer, AvroTarget target)
    {
        if (target.IsJson)
            return new JsonTextDecoder(_json.Compile(writer, target.Schema));
        if (writer.Kind == AvroKind.Union)
            return new UnionDecoder([.. writer.Branches.Select(b => Branch(b, target))]);
        if (target.Schema.Kind == AvroKind.Union)
            return ToUnion(writer, target);
        if (!AvroResolution.Matches(writer, target.Schema))
            throw Mismatch(writer, target.Schema);
        return target.Schema.Kind switch
        {
            AvroKind.Record => Record(writer, target),
            AvroKind.Array => new ArrayDecoder(Compile(writer.Element!, target.Parts[0]!), AvroSizes.Least(writer.Element!)),
            AvroKind.Map => new MapDecoder(Compile(writer.Element!, target.Parts[0]!), AvroSizes.Least(writer.Element!)),
            _ => Leaf(writer, target.Schema, target.Type),
        };
    }

    /// <summary>A branch that does not fit is only wrong where it occurs.</summary>
    AvroDecoder Branch(AvroSchema branch, AvroTarget target)
    {
        try
        {
            return Compile(branch, target);
        }
        catch (InvalidDataException mismatch)
        {
            return new MismatchDecoder(mismatch.Message);
        }
    }

    AvroDecoder ToUnion(AvroSchema writer, AvroTarget target)
    {
        if (AvroResolution.Branch(writer, target.Schema.Branches) is not (>= 0 and var index))
            throw Mismatch(writer, target.Schema);
        if (target.Parts[index] is not { } part)
            return new NullDecoder();
        var decoder = Compile(writer, part);
        var values = target.Parts.Count(p => p is not null);
        return values == 1 ? decoder : new BranchDecoder(decoder, target.Parts.Take(index).Count(p => p is not null));
    }

    /// <summary>A record as a struct, or as a row.</summary>
    public RecordDecoder Record(AvroSchema writer, AvroTarget target)
    {
        var reader = target.Schema;
        var places = AvroResolution.Fields(writer, reader);
        var steps = new List<AvroStep>();
        for (var i = 0; i < places.Length; i++)
        {
            // Two fields of the writer can be one of the reader's by its aliases: the first is taken.
            var isWanted = places[i] >= 0 && Array.IndexOf(places, places[i]) == i;
            steps.Add(isWanted ? new(places[i], Compile(writer.Fields[i].Type, target.Parts[places[i]]!), null) : new(-1, null, writer.Fields[i].Type));
        }

        for (var i = 0; i < reader.Fields.Count; i++)
        {
            if (!places.Contains(i))
                steps.Add(new(i, new DefaultDecoder(Compile(reader.Fields[i].Type, target.Parts[i]!), AvroDefaults.Encode(reader, reader.Fields[i])), null));
        }

        return new([.. steps]);
    }

    public static AvroDecoder Leaf(AvroSchema writer, AvroSchema reader, DataType type) => type.Kind switch
    {
        DataKind.Boolean => new BooleanDecoder(),
        DataKind.Int8 => new NarrowDecoder<sbyte>(),
        DataKind.Int16 => new NarrowDecoder<short>(),
        DataKind.Int32 or DataKind.Date => new IntDecoder(),
        DataKind.Int64 or DataKind.Timestamp or DataKind.Duration => new LongDecoder(writer.Kind == AvroKind.Int),
        DataKind.Time => new TimeDecoder(type.Unit),
        DataKind.Float => new FloatDecoder(writer.Kind),
        DataKind.Double => new DoubleDecoder(writer.Kind),
        DataKind.Decimal or DataKind.UInt64 => Decimal(writer, reader),
        DataKind.Struct => new DurationDecoder(),
        DataKind.Binary when writer.Kind == AvroKind.Fixed => new FixedDecoder(writer.Size),
        DataKind.Binary => new BytesDecoder(),
        _ => Text(writer, reader),
    };

    static AvroDecoder Text(AvroSchema writer, AvroSchema reader) => reader.Kind switch
    {
        AvroKind.Null => new NullDecoder(),
        AvroKind.Enum => new EnumDecoder(writer.Symbols, AvroResolution.Symbols(writer, reader)),
        AvroKind.Fixed when reader.Logical == "uuid" => new UuidDecoder(),
        _ when reader.Logical == "decimal" => Decimal(writer, reader),
        _ => new StringDecoder(),
    };

    static DecimalDecoder Decimal(AvroSchema writer, AvroSchema reader) => new(writer.Kind == AvroKind.Fixed ? writer.Size : null, reader.Precision, reader.Scale);

    public static InvalidDataException Mismatch(AvroSchema writer, AvroSchema reader) => new($"The reader's schema has {reader} where the content has {writer}");
}
