namespace DataIngestion.Conversion.Avro;

/// <summary>Passes over values that the reader does not want.</summary>
internal static class AvroSkip
{
    public static void Value(AvroSchema schema, ref AvroInput input)
    {
        switch (schema.Kind)
        {
            case AvroKind.Null:
                break;
            case AvroKind.Boolean:
                input.ReadBoolean();
                break;
            case AvroKind.Int or AvroKind.Long or AvroKind.Enum:
                input.ReadLong();
                break;
            case AvroKind.Float:
                input.ReadFixed(4);
                break;
            case AvroKind.Double:
                input.ReadFixed(8);
                break;
            case AvroKind.Bytes or AvroKind.String:
                input.ReadBytes();
                break;
            case AvroKind.Fixed:
                input.ReadFixed(schema.Size);
                break;
            default:
                input.Enter();
                Nested(schema, ref input);
                input.Leave();
                break;
        }
    }

    static void Nested(AvroSchema schema, ref AvroInput input)
    {
        switch (schema.Kind)
        {
            case AvroKind.Record:
                foreach (var field in schema.Fields)
                    Value(field.Type, ref input);
                break;
            case AvroKind.Union:
                var index = input.ReadLong();
                if ((ulong)index >= (ulong)schema.Branches.Count)
                    throw new InvalidDataException($"a union has the branch number {index} of {schema.Branches.Count}");
                Value(schema.Branches[(int)index], ref input);
                break;
            default:
                // Items are at least one byte, or are counted: no size is trusted, so that nothing is skipped that is not there.
                var least = AvroSizes.Least(schema.Element!) + (schema.Kind == AvroKind.Map ? 1 : 0);
                for (int count; (count = input.ReadBlock(least)) > 0;)
                {
                    for (var i = 0; i < count; i++)
                    {
                        if (schema.Kind == AvroKind.Map)
                            input.ReadBytes();
                        Value(schema.Element!, ref input);
                    }
                }

                break;
        }
    }
}

/// <summary>How many bytes values take at least.</summary>
internal static class AvroSizes
{
    /// <summary>A lower bound: 0 only where a value may take none.</summary>
    public static int Least(AvroSchema schema) => Least(schema, []);

    static int Least(AvroSchema schema, Dictionary<AvroSchema, int> known) => schema.Kind switch
    {
        AvroKind.Null => 0,
        AvroKind.Float => 4,
        AvroKind.Double => 8,
        AvroKind.Fixed => schema.Size,
        AvroKind.Record => OfRecord(schema, known),
        _ => 1,
    };

    static int OfRecord(AvroSchema schema, Dictionary<AvroSchema, int> known)
    {
        if (known.TryGetValue(schema, out var size))
            return size;
        known[schema] = 0; // one that holds itself
        var sum = 0L;
        foreach (var field in schema.Fields)
            sum += Least(field.Type, known);
        return known[schema] = (int)Math.Min(sum, 1 << 20);
    }
}
