using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>Lists: how many elements each row has in one stream, the elements in a column of their own.</summary>
internal sealed class ListDecoder(BitRuns? present, IntegerRuns lengths, ColumnDecoder elements, OrcReading reading) : ValueDecoder<ListBuilder>(present)
{
    protected override void Append(ListBuilder builder)
    {
        var length = reading.CheckLength(lengths.Next());
        reading.Spend(length);
        elements.Read(builder.Elements, length);
        builder.EndList();
    }
}

/// <summary>Maps: lists of a key and a value.</summary>
internal sealed class MapDecoder(BitRuns? present, IntegerRuns lengths, ColumnDecoder keys, ColumnDecoder values, OrcReading reading) : ValueDecoder<ListBuilder>(present)
{
    protected override void Append(ListBuilder builder)
    {
        var length = reading.CheckLength(lengths.Next());
        reading.Spend(length);
        var pairs = (StructBuilder)builder.Elements;
        for (var i = 0; i < length; i++)
        {
            keys.Read(pairs[0], 1);
            values.Read(pairs[1], 1);
            pairs.EndStruct();
        }

        builder.EndList();
    }
}

/// <summary>Structs inside a row.</summary>
internal sealed class StructDecoder(BitRuns? present, IReadOnlyList<ColumnDecoder> fields) : ValueDecoder<StructBuilder>(present)
{
    protected override void Append(StructBuilder builder)
    {
        for (var i = 0; i < fields.Count; i++)
            fields[i].Read(builder[i], 1);
        builder.EndStruct();
    }
}

/// <summary>A struct without fields, of which only its presence can be told.</summary>
internal sealed class EmptyStructDecoder(BitRuns? present) : ValueDecoder<FixedBuilder<bool>>(present)
{
    protected override void Append(FixedBuilder<bool> builder) => builder.Append(true);
}

/// <summary>Unions: which branch each row takes, and a field for each branch.</summary>
internal sealed class UnionDecoder(BitRuns? present, ByteRuns tags, IReadOnlyList<ColumnDecoder> branches) : ValueDecoder<StructBuilder>(present)
{
    protected override void Append(StructBuilder builder)
    {
        var tag = tags.Next();
        if (tag >= branches.Count)
            throw new InvalidDataException($"The ORC file is damaged: a union takes branch {tag} of {branches.Count}.");
        ((FixedBuilder<sbyte>)builder[0]).Append((sbyte)tag);
        branches[tag].Read(builder[tag + 1], 1);
        builder.EndStruct();
    }
}
