using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Which column the reader's schema becomes.</summary>
/// <param name="Schema">The reader's.</param>
/// <param name="Parts">Of a record its fields, of an array or map the element, of a union its branches (null for the null branch).</param>
/// <param name="IsJson">Whether it is JSON text: it holds itself, or is nested too deeply, or has no fields.</param>
internal sealed record AvroTarget(AvroSchema Schema, DataType Type, bool Nullable, IReadOnlyList<AvroTarget?> Parts, bool IsJson = false);

/// <summary>Finds the columns for a schema.</summary>
internal sealed class AvroTargets
{
    /// <summary>Room is left for what columns of lists and structs add.</summary>
    const int MaxNesting = DataType.MaxDepth - 4;

    /// <summary>A short schema of records that name each other can stand for any number of columns.</summary>
    const int MaxColumns = 50_000;

    readonly HashSet<AvroSchema> _open = [];
    readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    int _count;

    public IReadOnlyCollection<string> Notes => _notes;

    public AvroTarget Of(AvroSchema schema)
    {
        if (++_count > MaxColumns)
            throw new NotSupportedException($"The Avro schema stands for more than {MaxColumns} columns; give a reader's schema with those that are wanted (option 'schema').");
        return schema.Kind switch
        {
            AvroKind.Union => Union(schema),
            AvroKind.Record => Record(schema),
            AvroKind.Array when Of(schema.Element!) is var item => item.Type.Depth < MaxNesting ? new(schema, DataType.List(item.Type, item.Nullable), false, [item]) : Json(schema, "is nested too deeply for columns"),
            AvroKind.Map when Of(schema.Element!) is var item => item.Type.Depth < MaxNesting ? new(schema, MapDecoder.Type(item.Type, item.Nullable), false, [item]) : Json(schema, "is nested too deeply for columns"),
            _ => new(schema, Leaf(schema), schema.Kind == AvroKind.Null, []),
        };
    }

    AvroTarget Json(AvroSchema schema, string why)
    {
        _notes.Add($"{schema} {why}: its values are JSON text");
        return new(schema, DataType.String, false, [], IsJson: true);
    }

    AvroTarget Record(AvroSchema schema)
    {
        if (schema.Fields.Count == 0)
            return Json(schema, "has no fields");
        if (!_open.Add(schema))
            return Json(schema, "holds itself");
        AvroTarget[] fields;
        try
        {
            // Deeper than columns can be: also what bounds this recursion.
            if (_open.Count > MaxNesting)
                return Json(schema, "is nested too deeply for columns");
            fields = [.. schema.Fields.Select(f => Of(f.Type))];
        }
        finally
        {
            _open.Remove(schema);
        }

        if (fields.Max(f => f.Type.Depth) >= MaxNesting)
            return Json(schema, "is nested too deeply for columns");
        return new(schema, DataType.Struct(schema.Fields.Select((f, i) => new DataColumn(f.Column, fields[i].Type, fields[i].Nullable))), false, fields);
    }

    AvroTarget Union(AvroSchema schema)
    {
        var branches = schema.Branches.Select(b => b.Kind == AvroKind.Null ? null : Of(b)).ToArray();
        var nullable = branches.Length == 0 || branches.Contains(null);
        var values = branches.OfType<AvroTarget>().ToList();
        switch (values.Count)
        {
            case 0:
                return new(schema, DataType.String, true, branches);
            case 1:
                return new(schema, values[0].Type, nullable || values[0].Nullable, branches);
            case var _ when values.Max(v => v.Type.Depth) >= MaxNesting:
                return Json(schema, "is nested too deeply for columns");
            default:
                var names = values.ConvertAll(v => NameOf(v.Schema, values));
                return new(schema, DataType.Struct(values.Select((v, i) => new DataColumn(names[i], v.Type))), nullable, branches);
        }
    }

    static string NameOf(AvroSchema branch, List<AvroTarget> all) =>
        branch.Name.Length == 0 ? AvroSchema.Word(branch.Kind)
        : all.Count(o => o.Schema.ShortName == branch.ShortName || AvroSchema.Word(o.Schema.Kind) == branch.ShortName) == 1 ? branch.ShortName
        : branch.Name;

    static DataType Leaf(AvroSchema schema)
    {
        if (OfOurs(schema) is { } ours)
            return ours;
        return schema.Logical switch
        {
            "decimal" => DecimalDecoder.TypeOf(schema.Precision, schema.Scale),
            "uuid" => DataType.String,
            "date" => DataType.Date,
            "time-millis" => DataType.Time(TimeUnit.Milliseconds),
            "time-micros" => DataType.Time(TimeUnit.Microseconds),
            "duration" => DurationDecoder.Type,
            { } moment => DataType.Timestamp(
                moment.EndsWith("millis", StringComparison.Ordinal) ? TimeUnit.Milliseconds : moment.EndsWith("micros", StringComparison.Ordinal) ? TimeUnit.Microseconds : TimeUnit.Nanoseconds,
                isUtc: moment.StartsWith("timestamp", StringComparison.Ordinal)),
            null => schema.Kind switch
            {
                AvroKind.Boolean => DataType.Boolean,
                AvroKind.Int => DataType.Int32,
                AvroKind.Long => DataType.Int64,
                AvroKind.Float => DataType.Float,
                AvroKind.Double => DataType.Double,
                AvroKind.Bytes or AvroKind.Fixed => DataType.Binary,
                _ => DataType.String,
            },
        };
    }

    /// <summary>A type that our writer has noted, where it is one of those that it notes.</summary>
    static DataType? OfOurs(AvroSchema schema)
    {
        if (schema.ColumnType is not { } text)
            return null;
        DataType type;
        try
        {
            type = DataType.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }

        return (type.Kind, schema.Kind) switch
        {
            (DataKind.Int8 or DataKind.Int16, AvroKind.Int) => type,
            (DataKind.Time or DataKind.Duration, AvroKind.Long) when schema.Logical is null => type,
            (DataKind.UInt64, AvroKind.Bytes) when schema is { Logical: "decimal", Precision: 20, Scale: 0 } => type,
            _ => null,
        };
    }
}
