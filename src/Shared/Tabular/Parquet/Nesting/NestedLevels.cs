namespace DataIngestion.Tabular.Parquet.Nesting;

/// <summary>Repetition and definition levels of a page of a nested column.</summary>
/// <param name="maxRepetition">Lists around the values.</param>
/// <param name="maxDefinition">The level at which a value is there.</param>
internal sealed class NestedLevels(byte maxRepetition, byte maxDefinition) : IDisposable
{
    int[] _repetition = [];
    int[] _definition = [];

    /// <summary>Rows in the page.</summary>
    public int Rows { get; private set; }

    /// <summary>Entries in the page: values, and what stands for null or empty.</summary>
    public int Entries { get; private set; }

    /// <summary>Entries without a value.</summary>
    public int Nulls { get; private set; }

    public void Add(byte repetition, byte definition)
    {
        if (Entries == _repetition.Length)
        {
            Pool.Grow(ref _repetition, Entries, Math.Max(256, Entries + 1));
            Pool.Grow(ref _definition, Entries, _repetition.Length);
        }

        _repetition[Entries] = repetition;
        _definition[Entries++] = definition;
        if (repetition == 0)
            Rows++;
        if (definition != maxDefinition)
            Nulls++;
    }

    /// <summary>Writes both kinds with their lengths, as far as the column has them, and starts again.</summary>
    public void Flush(ByteSink output)
    {
        Write(_repetition, maxRepetition, output);
        Write(_definition, maxDefinition, output);
        (Rows, Entries, Nulls) = (0, 0, 0);
    }

    void Write(int[] levels, byte max, ByteSink output)
    {
        if (max == 0)
            return;
        var start = output.Length;
        output.WriteInt32(0);
        HybridRuns.Encode(levels.AsSpan(0, Entries), HybridRuns.WidthFor(max + 1), output);
        output.PatchInt32(start, output.Length - start - 4);
    }

    public void Dispose()
    {
        int[]? repetition = _repetition, definition = _definition;
        Pool.Return(ref repetition);
        Pool.Return(ref definition);
        (_repetition, _definition, Entries) = ([], [], 0);
    }
}
