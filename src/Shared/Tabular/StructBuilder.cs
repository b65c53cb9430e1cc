using System.Collections;

namespace DataIngestion.Tabular;

/// <summary>Collects structs: add one value to the builder of every field, then call <see cref="EndStruct"/>.</summary>
public sealed class StructBuilder : ColumnBuilder
{
    readonly ColumnBuilder[] _fields;

    internal StructBuilder(DataType type)
        : base(type) => _fields = [.. type.Fields!.Select(f => For(f.Type))];

    /// <summary>The builder of one field, in the order of <see cref="DataType.Fields"/>.</summary>
    public ColumnBuilder this[int field] => _fields[field];

    /// <inheritdoc/>
    public override long Bytes => _fields.Sum(f => f.Bytes);

    /// <summary>What was added to every field since the last row is a row; a field to which nothing was added is null.</summary>
    /// <exception cref="InvalidOperationException">More than one value was added to a field.</exception>
    public void EndStruct()
    {
        MarkValid();
        Count++;
        foreach (var field in _fields)
        {
            if (field.Count < Count)
                field.AppendNull();
            if (field.Count != Count)
                throw new InvalidOperationException($"A field of a struct has {field.Count} values, not {Count}.");
        }
    }

    /// <summary>What was added to every field since the last row are several rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="nulls">One bit a row, least significant first, set where there is none (and every field must be null); may be empty if all are.</param>
    /// <exception cref="InvalidOperationException">A field has another number of values.</exception>
    public void EndStructs(int rows, ReadOnlySpan<byte> nulls)
    {
        foreach (var field in _fields)
        {
            if (field.Count != Count + rows)
                throw new InvalidOperationException($"A field of a struct has {field.Count} values, not {Count + rows}.");
        }

        MarkRows(rows, nulls);
        Count += rows;
    }

    /// <inheritdoc/>
    public override void AppendNull()
    {
        Truncate(Count);
        MarkNull();
        Count++;
        foreach (var field in _fields)
            field.AppendNull();
    }

    /// <inheritdoc/>
    public override void AppendFrom(ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
        {
            AppendNull();
            return;
        }

        for (var i = 0; i < _fields.Length; i++)
            _fields[i].AppendFrom(((StructColumn)source).Fields[i], row);
        EndStruct();
    }

    /// <summary>Adds null, a dictionary by the names of the fields (absent is null), or a list of values in their order.</summary>
    /// <exception cref="ArgumentException">A value does not fit, or names no field; nothing was added.</exception>
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNull();
            return;
        }

        try
        {
            switch (value)
            {
                case IReadOnlyDictionary<string, object?> byName when byName.Keys.All(k => Type.Fields!.IndexOf(k) >= 0):
                    for (var i = 0; i < _fields.Length; i++)
                        _fields[i].AppendValue(byName.GetValueOrDefault(Type.Fields![i].Name));
                    break;
                case IList inOrder and not IDictionary when inOrder.Count == _fields.Length:
                    for (var i = 0; i < _fields.Length; i++)
                        _fields[i].AppendValue(inOrder[i]);
                    break;
                default:
                    throw Unfit(value);
            }
        }
        catch (ArgumentException)
        {
            Truncate(Count);
            throw;
        }

        EndStruct();
    }

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        if (count < Count)
        {
            TruncateValidity(count);
            Count = count;
        }

        foreach (var field in _fields)
            field.Truncate(Count);
    }

    /// <inheritdoc/>
    public override ColumnVector Detach()
    {
        foreach (var field in _fields)
            field.Truncate(Count);
        var (validity, nulls) = DetachValidity();
        var column = new StructColumn(Type, Array.ConvertAll(_fields, f => f.Detach()), Count, validity, nulls);
        Count = 0;
        return column;
    }
}
