namespace DataIngestion.Conversion.Avro;

/// <summary>Which of the reader's types takes which of the writer's (1.12, "Schema Resolution").</summary>
internal static class AvroResolution
{
    /// <summary>Whether a value of the writer's type, which is no union, is one of the reader's, which is none either. Fields and items are not looked at.</summary>
    public static bool Matches(AvroSchema writer, AvroSchema reader) => (writer.Kind, reader.Kind) switch
    {
        (AvroKind.Int, AvroKind.Long) => SameLogical(writer, reader),
        (AvroKind.Int, AvroKind.Float or AvroKind.Double) or (AvroKind.Long, AvroKind.Float or AvroKind.Double) or (AvroKind.Float, AvroKind.Double) => writer.Logical is null,
        (AvroKind.String, AvroKind.Bytes) or (AvroKind.Bytes, AvroKind.String) => writer.Logical is null && reader.Logical is null,
        _ when writer.Kind != reader.Kind => false,
        (AvroKind.Record or AvroKind.Enum, _) => SameName(writer, reader),
        (AvroKind.Fixed, _) => writer.Size == reader.Size && SameName(writer, reader) && SameLogical(writer, reader),
        _ => SameLogical(writer, reader),
    };

    /// <summary>The reader's branch for a value: one of the same type and name before one that it can be promoted to.</summary>
    public static int Branch(AvroSchema writer, IReadOnlyList<AvroSchema> reader)
    {
        var matches = Enumerable.Range(0, reader.Count).Where(i => Matches(writer, reader[i])).ToList();
        foreach (var i in matches)
        {
            if (reader[i].Kind == writer.Kind && reader[i].Name == writer.Name)
                return i;
        }

        return matches.Count == 0 ? -1 : matches[0];
    }

    /// <summary>For each field of the writer the reader's, or -1.</summary>
    public static int[] Fields(AvroSchema writer, AvroSchema reader)
    {
        var places = new int[writer.Fields.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = Place(writer.Fields[i].Name, reader);
        return places;
    }

    static int Place(string name, AvroSchema reader)
    {
        for (var i = 0; i < reader.Fields.Count; i++)
        {
            if (reader.Fields[i].Name == name)
                return i;
        }

        for (var i = 0; i < reader.Fields.Count; i++)
        {
            if (reader.Fields[i].Aliases.Contains(name))
                return i;
        }

        return -1;
    }

    /// <summary>What the reader makes of each of the writer's symbols.</summary>
    public static string?[] Symbols(AvroSchema writer, AvroSchema reader) =>
        [.. writer.Symbols.Select(s => reader.Symbols.Contains(s) ? s : reader.DefaultSymbol)];

    /// <summary>What is stored is taken for something else only where one of the two says nothing about it.</summary>
    static bool SameLogical(AvroSchema writer, AvroSchema reader) =>
        writer.Logical is null || reader.Logical is null || (writer.Logical == reader.Logical && writer.Precision == reader.Precision && writer.Scale == reader.Scale);

    static bool SameName(AvroSchema writer, AvroSchema reader) =>
        writer.ShortName == reader.ShortName || reader.Aliases.Contains(writer.Name) || reader.Aliases.Contains(writer.ShortName);
}
