using DataIngestion.Conversion.Arrow.Columns;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow;

/// <summary>Makes the reader of each column, and with it the type that it becomes.</summary>
internal sealed class ColumnFactory(bool isBigEndian, DictionaryStore dictionaries, OutgrownTypes outgrown, ArrowNotes notes)
{
    /// <summary>The reader of a column.</summary>
    /// <param name="path">Its name for people, with those of the columns around it.</param>
    /// <param name="depth">Lists and structs around it.</param>
    /// <exception cref="NotSupportedException">No type holds its values.</exception>
    public ArrowColumn Of(ArrowField field, string path, int depth = 0)
    {
        notes.Describe(field, path);
        if (field.Dictionary is not { } dictionary)
            return OfValues(field, path, depth);
        var values = field.Values;
        var type = OfValues(values, path, depth).Type;
        dictionaries.Declare(dictionary.Id, values, type, () => new ColumnFactory(isBigEndian, dictionaries, outgrown, ArrowNotes.Silent).OfValues(values, path, depth));
        return new DictionaryArrowColumn(type, dictionary, dictionaries, isBigEndian);
    }

    ArrowColumn OfValues(ArrowField field, string path, int depth)
    {
        if (depth > DataType.MaxDepth)
            throw new NotSupportedException($"The Arrow column '{path}' lies in more than {DataType.MaxDepth} lists and structs.");
        switch (field.Kind)
        {
            case ArrowKind.Null:
                notes.Add(path, "has no type and no values; it is a text column of nulls");
                return new NullArrowColumn();
            case ArrowKind.Bool:
                return new BooleanArrowColumn();
            case ArrowKind.Int:
                return Integers(field);
            case ArrowKind.FloatingPoint:
                return field.Unit switch
                {
                    0 => new MappedArrowColumn<Half, float>(DataType.Float, isBigEndian, v => (float)v),
                    1 => new PlainArrowColumn<float>(DataType.Float, isBigEndian),
                    _ => new PlainArrowColumn<double>(DataType.Double, isBigEndian),
                };
            case ArrowKind.Utf8 or ArrowKind.LargeUtf8:
                return new BytesArrowColumn(DataType.String, field.Kind == ArrowKind.LargeUtf8, isBigEndian);
            case ArrowKind.Binary or ArrowKind.LargeBinary:
                return new BytesArrowColumn(DataType.Binary, field.Kind == ArrowKind.LargeBinary, isBigEndian);
            case ArrowKind.Utf8View:
                return new ViewArrowColumn(DataType.String, isBigEndian);
            case ArrowKind.BinaryView:
                return new ViewArrowColumn(DataType.Binary, isBigEndian);
            case ArrowKind.FixedSizeBinary:
                return field is { Extension: "arrow.uuid", Width: 16 }
                    ? new FixedBytesArrowColumn(DataType.String, 16, v => new Guid(v, bigEndian: true).ToString())
                    : new FixedBytesArrowColumn(DataType.Binary, field.Width, null);
            case ArrowKind.Decimal:
                return DecimalColumns.Of(field, path, isBigEndian, outgrown, notes);
            case ArrowKind.Interval:
                notes.Add(path, "holds intervals, which are ISO 8601 text");
                return IntervalText.Column(field.Unit, isBigEndian);
            case ArrowKind.Struct:
                return Struct(field, path, depth);
            case ArrowKind.Union:
                return Union(field, path, depth);
            case ArrowKind.Map:
                return Map(field, path, depth);
            case ArrowKind.RunEndEncoded:
                return new RunEndArrowColumn(Of(field.Children[1], path, depth), field.Children[0].Width / 8, isBigEndian);
            case ArrowKind.List or ArrowKind.LargeList or ArrowKind.FixedSizeList or ArrowKind.ListView or ArrowKind.LargeListView:
                var element = Of(field.Children[0], path + "[]", depth + 1);
                return new ListArrowColumn(DataType.List(element.Type, CanBeNull(field.Children[0])), field, element, isBigEndian);
            default:
                return TimeColumns.Of(field, path, isBigEndian, outgrown, notes);
        }
    }

    /// <summary>A column of no type holds nothing but nulls, whatever its field says.</summary>
    public static bool CanBeNull(ArrowField field) => field.Nullable || field.Kind == ArrowKind.Null;

    ArrowColumn Integers(ArrowField field) => (field.Width, field.IsSigned) switch
    {
        (8, true) => new PlainArrowColumn<sbyte>(DataType.Int8, isBigEndian),
        (16, true) => new PlainArrowColumn<short>(DataType.Int16, isBigEndian),
        (32, true) => new PlainArrowColumn<int>(DataType.Int32, isBigEndian),
        (64, true) => new PlainArrowColumn<long>(DataType.Int64, isBigEndian),
        (8, false) => new MappedArrowColumn<byte, short>(DataType.Int16, isBigEndian, v => v),
        (16, false) => new MappedArrowColumn<ushort, int>(DataType.Int32, isBigEndian, v => v),
        (32, false) => new MappedArrowColumn<uint, long>(DataType.Int64, isBigEndian, v => v),
        _ => new PlainArrowColumn<ulong>(DataType.UInt64, isBigEndian),
    };

    StructArrowColumn Struct(ArrowField field, string path, int depth)
    {
        if (field.Children.Count == 0)
            throw new NotSupportedException($"The Arrow column '{path}' is a struct without fields, which no type here is: leave it out.");
        var names = notes.Unique(field.Children.Select(c => c.Name), path);
        var children = field.Children.Select((c, i) => Of(c, $"{path}.{names[i]}", depth + 1)).ToArray();
        return new(DataType.Struct(children.Select((c, i) => new DataColumn(names[i], c.Type, CanBeNull(field.Children[i])))), children);
    }

    UnionArrowColumn Union(ArrowField field, string path, int depth)
    {
        if (field.Children.Count == 0)
            throw new NotSupportedException($"The Arrow column '{path}' is a union of no types: leave it out.");
        notes.Add(path, "is a union; it is a struct of its alternatives, of which 'type' names the one that a row has");
        var names = notes.Unique(["type", .. field.Children.Select(c => c.Name)], path);
        var children = field.Children.Select((c, i) => Of(c, $"{path}.{names[i + 1]}", depth + 1)).ToArray();
        return new(DataType.Struct([new("type", DataType.String), .. children.Select((c, i) => new DataColumn(names[i + 1], c.Type))]), field, children, isBigEndian);
    }

    /// <summary>Names of a map's entries mean nothing (Schema.fbs), its keys are not null.</summary>
    ListArrowColumn Map(ArrowField field, string path, int depth)
    {
        var entry = field.Children[0];
        var (key, value) = (Of(entry.Children[0], path + ".key", depth + 2), Of(entry.Children[1], path + ".value", depth + 2));
        var entries = new StructArrowColumn(DataType.Struct([new("key", key.Type, false), new("value", value.Type, CanBeNull(entry.Children[1]))]), [key, value]);
        return new(DataType.List(entries.Type, nullable: false), field, entries, isBigEndian);
    }
}
