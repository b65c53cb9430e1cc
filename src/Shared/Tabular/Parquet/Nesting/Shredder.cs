using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Nesting;

/// <summary>Takes a nested column apart for one of its leaves: levels for every row, and the leaf's column with its values.</summary>
internal sealed class Shredder
{
    readonly string _name;
    readonly Step[] _steps;

    /// <param name="name">The column's name, for messages.</param>
    /// <param name="steps">From the column down to the leaf.</param>
    public Shredder(string name, IEnumerable<Step> steps) => (_name, _steps) = (name, [.. steps]);

    /// <summary>One node between a column and a leaf.</summary>
    /// <param name="Kind">A list, a struct, or the leaf itself.</param>
    /// <param name="Nullable">Whether it may be null.</param>
    /// <param name="Field">The field of a struct on the way to the leaf.</param>
    /// <param name="Definition">The definition level above it.</param>
    /// <param name="Repetition">For a list, the repetition level of its elements but the first.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Step(DataKind Kind, bool Nullable, int Field, byte Definition, byte Repetition);

    /// <summary>The leaf's column.</summary>
    public ColumnVector LeafOf(ColumnVector column)
    {
        foreach (var step in _steps)
            column = Down(column, step);
        return column;
    }

    /// <summary>The place in the leaf's column at which a row's values begin.</summary>
    public int LeafRow(ColumnVector column, int row)
    {
        foreach (var step in _steps)
        {
            if (step.Kind == DataKind.List)
                row = ((ListColumn)column).Offsets[row];
            column = Down(column, step);
        }

        return row;
    }

    static ColumnVector Down(ColumnVector column, Step step) => step.Kind switch
    {
        DataKind.List => ((ListColumn)column).Elements,
        DataKind.Struct => ((StructColumn)column).Fields[step.Field],
        _ => column,
    };

    /// <summary>Adds the levels of a row.</summary>
    public void Append(ColumnVector column, int row, NestedLevels output) => Append(0, column, row, 0, output);

    void Append(int at, ColumnVector column, int row, byte repetition, NestedLevels output)
    {
        ref readonly var step = ref _steps[at];
        var definition = step.Definition;
        if (column.IsNull(row))
        {
            if (!step.Nullable)
                throw new ArgumentException($"Column '{_name}' has a null in it where its type allows none.", nameof(column));
            output.Add(repetition, definition);
            return;
        }

        if (step.Nullable)
            definition++;
        switch (step.Kind)
        {
            case DataKind.Struct:
                Append(at + 1, ((StructColumn)column).Fields[step.Field], row, repetition, output);
                break;
            case DataKind.List:
                var list = (ListColumn)column;
                var (start, end) = (list.Offsets[row], list.Offsets[row + 1]);
                if (start == end)
                    output.Add(repetition, definition);
                for (var i = start; i < end; i++)
                    Append(at + 1, list.Elements, i, i == start ? repetition : step.Repetition, output);
                break;
            default:
                output.Add(repetition, definition);
                break;
        }
    }
}
