using System.Text;
using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Writes one value as JSON: for schemas that no columns can hold.</summary>
internal abstract class AvroJson
{
    public abstract void Write(ref AvroInput input, Utf8Buffer to);
}

/// <summary>A value as a column of JSON text.</summary>
internal sealed class JsonTextDecoder(AvroJson value) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        using var text = new Utf8Buffer();
        value.Write(ref input, text);
        ((BytesBuilder)to).Append(text.Memory.Span);
    }
}

/// <summary>As <see cref="AvroCompiler"/>, with one writer for each pair of records, so that they can hold themselves.</summary>
internal sealed class AvroJsonCompiler
{
    readonly Dictionary<(AvroSchema, AvroSchema), RecordJson> _records = [];

    public AvroJson Compile(AvroSchema writer, AvroSchema reader)
    {
        if (writer.Kind == AvroKind.Union)
            return new UnionJson([.. writer.Branches.Select(b => Branch(b, reader))]);
        if (reader.Kind == AvroKind.Union)
            return ToUnion(writer, reader);
        if (!AvroResolution.Matches(writer, reader))
            throw AvroCompiler.Mismatch(writer, reader);
        return reader.Kind switch
        {
            AvroKind.Record => Record(writer, reader),
            AvroKind.Array => new ArrayJson(Compile(writer.Element!, reader.Element!), AvroSizes.Least(writer.Element!)),
            AvroKind.Map => new MapJson(Compile(writer.Element!, reader.Element!), AvroSizes.Least(writer.Element!) + 1),
            _ => Leaf(writer, reader),
        };
    }

    static LeafJson Leaf(AvroSchema writer, AvroSchema reader)
    {
        var type = new AvroTargets().Of(reader).Type;
        return new(AvroCompiler.Leaf(writer, reader, type), type);
    }

    AvroJson Branch(AvroSchema branch, AvroSchema reader)
    {
        try
        {
            return Compile(branch, reader);
        }
        catch (InvalidDataException mismatch)
        {
            return new MismatchJson(mismatch.Message);
        }
    }

    /// <summary>With its branch's name where it is not the only one, as in Avro's JSON encoding.</summary>
    AvroJson ToUnion(AvroSchema writer, AvroSchema reader)
    {
        if (AvroResolution.Branch(writer, reader.Branches) is not (>= 0 and var index))
            throw AvroCompiler.Mismatch(writer, reader);
        var branch = reader.Branches[index];
        var value = Compile(writer, branch);
        return branch.Kind == AvroKind.Null || reader.Branches.Count(b => b.Kind != AvroKind.Null) == 1 ? value
            : new NamedJson(JsonCell.Name(branch.Name.Length > 0 ? branch.Name : AvroSchema.Word(branch.Kind), 0), value);
    }

    RecordJson Record(AvroSchema writer, AvroSchema reader)
    {
        if (_records.TryGetValue((writer, reader), out var known))
            return known;
        var record = _records[(writer, reader)] = new();
        var places = AvroResolution.Fields(writer, reader);
        for (var i = 0; i < places.Length; i++)
        {
            var isWanted = places[i] >= 0 && Array.IndexOf(places, places[i]) == i;
            record.Steps.Add(isWanted
                ? (JsonCell.Name(reader.Fields[places[i]].Column, 1), Compile(writer.Fields[i].Type, reader.Fields[places[i]].Type), null)
                : (null, null, writer.Fields[i].Type));
        }

        foreach (var field in reader.Fields.Where((_, i) => !places.Contains(i)))
            record.Steps.Add((JsonCell.Name(field.Column, 1), new DefaultJson(Compile(field.Type, field.Type), AvroDefaults.Encode(reader, field)), null));
        return record;
    }

    sealed class RecordJson : AvroJson
    {
        /// <summary>The comma, name and colon before each value; or what is passed over.</summary>
        public List<(byte[]? Name, AvroJson? Value, AvroSchema? Skipped)> Steps { get; } = [];

        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            input.Enter();
            var isFirst = true;
            to.Write((byte)'{');
            foreach (var (name, value, skipped) in Steps)
            {
                if (value is null)
                {
                    AvroSkip.Value(skipped!, ref input);
                    continue;
                }

                to.Write(name.AsSpan(isFirst ? 1 : 0));
                isFirst = false;
                value.Write(ref input, to);
            }

            to.Write((byte)'}');
            input.Leave();
        }
    }

    sealed class ArrayJson(AvroJson element, int least) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            var isFirst = true;
            to.Write((byte)'[');
            for (int count; (count = input.ReadBlock(least)) > 0;)
            {
                for (var i = 0; i < count; i++)
                {
                    if (!isFirst)
                        to.Write((byte)',');
                    isFirst = false;
                    element.Write(ref input, to);
                }
            }

            to.Write((byte)']');
        }
    }

    sealed class MapJson(AvroJson value, int least) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            var isFirst = true;
            to.Write((byte)'{');
            for (int count; (count = input.ReadBlock(least)) > 0;)
            {
                for (var i = 0; i < count; i++)
                {
                    if (!isFirst)
                        to.Write((byte)',');
                    isFirst = false;
                    var key = input.ReadBytes();
                    JsonText.Write(System.Text.Unicode.Utf8.IsValid(key) ? key : throw new InvalidDataException("a key is not UTF-8"), to);
                    to.Write((byte)':');
                    value.Write(ref input, to);
                }
            }

            to.Write((byte)'}');
        }
    }

    sealed class UnionJson(AvroJson[] branches) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            var index = input.ReadLong();
            if ((ulong)index >= (ulong)branches.Length)
                throw new InvalidDataException($"a union has the branch number {index} of {branches.Length}");
            branches[(int)index].Write(ref input, to);
        }
    }

    sealed class NamedJson(byte[] name, AvroJson value) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            to.Write(name);
            value.Write(ref input, to);
            to.Write((byte)'}');
        }
    }

    sealed class MismatchJson(string why) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to) => throw new InvalidDataException(why);
    }

    sealed class DefaultJson(AvroJson value, byte[] bytes) : AvroJson
    {
        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            var constant = new AvroInput(bytes, 64, bytes.Length + 1L);
            value.Write(ref constant, to);
        }
    }

    /// <summary>As the column's cell would be written.</summary>
    sealed class LeafJson(AvroDecoder decoder, DataType type) : AvroJson
    {
        readonly ColumnBuilder _builder = ColumnBuilder.For(type);
        readonly CellWriter _cell = JsonCell.Of(type);

        public override void Write(ref AvroInput input, Utf8Buffer to)
        {
            decoder.Read(ref input, _builder);
            using var column = _builder.Detach();
            JsonCell.WriteOrNull(_cell, column, 0, to);
        }
    }
}
