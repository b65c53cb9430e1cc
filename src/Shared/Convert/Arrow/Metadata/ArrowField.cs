namespace DataIngestion.Conversion.Arrow.Metadata;

/// <summary>A column, or a column inside one, as the schema describes it.</summary>
/// <param name="Name">May be empty, and is not always unique.</param>
/// <param name="Kind">Of the values; of a dictionary's values where there is one.</param>
internal sealed record ArrowField(string Name, bool Nullable, ArrowKind Kind)
{
    /// <summary>The columns inside.</summary>
    public IReadOnlyList<ArrowField> Children { get; init; } = [];

    /// <summary>Bits of integers and decimals; bytes of binary values and elements of lists of fixed size.</summary>
    public int Width { get; init; }

    /// <summary>Whether integers have a sign.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a decimal after the point; negative for zeros before it.</summary>
    public int Scale { get; init; }

    /// <summary>The unit of dates, times and intervals, the precision of floating numbers, the mode of unions: as numbered in Schema.fbs.</summary>
    public int Unit { get; init; }

    /// <summary>The zone of a timestamp; null for an unnamed local clock.</summary>
    public string? Zone { get; init; }

    /// <summary>What marks each child of a union.</summary>
    public IReadOnlyList<int> TypeIds { get; init; } = [];

    /// <summary>The dictionary that the column's values are places in; null where they are values.</summary>
    public ArrowDictionary? Dictionary { get; init; }

    /// <summary>The name of an extension type; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>The names of other metadata.</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>Whether a dictionary is used somewhere inside.</summary>
    public bool HasDictionariesInside => Children.Any(c => c.Dictionary is not null || c.HasDictionariesInside);

    /// <summary>This field without its dictionary: its values.</summary>
    public ArrowField Values => this with { Dictionary = null };
}

/// <summary>Which dictionary, and the integers that point into it.</summary>
internal sealed record ArrowDictionary(long Id, int IndexBits, bool IsSigned);

/// <summary>The schema of a file or stream.</summary>
internal sealed record ArrowSchema(IReadOnlyList<ArrowField> Fields, bool IsBigEndian, IReadOnlyList<string> Metadata);
