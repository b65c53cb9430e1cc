using DataIngestion.Contracts;

namespace DataIngestion.Cli.Proposing;

/// <summary>What was concluded about a source and one dataset of it. What there was no evidence for is null or empty.</summary>
internal sealed record Proposal
{
    /// <summary>Scheme and host.</summary>
    public Finding? Origin { get; init; }

    /// <summary>How the requests prove who asks.</summary>
    public required AuthenticationGuess Authentication { get; init; }

    /// <summary>Path of the request, partitions as placeholders.</summary>
    public Finding? Path { get; init; }

    /// <summary>Query parameters that are always the same.</summary>
    public IReadOnlyDictionary<string, Finding> Query { get; init; } = new Dictionary<string, Finding>();

    /// <summary>Partitions, by name.</summary>
    public IReadOnlyList<PartitionGuess> Partitions { get; init; } = [];

    /// <summary>How answers are split into pages; null for one answer.</summary>
    public PaginationGuess? Pagination { get; init; }

    /// <summary>Format of the answers.</summary>
    public required Finding Format { get; init; }

    /// <summary>Where the records lie.</summary>
    public RecordPathGuess? Records { get; init; }

    /// <summary>The fields of a record.</summary>
    public IReadOnlyList<ColumnGuess> Columns { get; init; } = [];

    /// <summary>Fields that identify a record.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>How sure the keys are, and why.</summary>
    public Finding? KeyEvidence { get; init; }

    /// <summary>How later runs fetch only what is new.</summary>
    public CursorGuess? Cursor { get; init; }

    /// <summary>On which days there is news.</summary>
    public Finding? Calendar { get; init; }

    /// <summary>What was seen of limits in the answers' headers.</summary>
    public Finding? Limits { get; init; }
}

/// <summary>How requests prove who asks.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Place"><c>header</c> or <c>query</c>; null where the kind knows.</param>
/// <param name="Name">Name of the header or parameter; null where the kind knows.</param>
internal sealed record AuthenticationGuess(Finding Kind, string? Place, string? Name);

/// <summary>A part of the request that stands for what is asked about.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameter">Query parameter that carries it; null where it is in the path.</param>
/// <param name="Values">The values seen.</param>
/// <param name="Evidence">How sure that is, and why.</param>
internal sealed record PartitionGuess(string Name, string? Parameter, IReadOnlyList<string> Values, Finding Evidence)
{
    /// <summary>The field of the records that repeats what was asked for; null where none does.</summary>
    public string? Column { get; init; }
}

/// <summary>How answers are split into pages.</summary>
internal sealed record PaginationGuess(Finding Kind)
{
    /// <summary>Query parameter that carries the page.</summary>
    public string? Parameter { get; init; }

    /// <summary>Query parameter that carries the page size.</summary>
    public string? SizeParameter { get; init; }

    /// <summary>Records a page.</summary>
    public int? Size { get; init; }

    /// <summary>Where the next page's token or address lies.</summary>
    public string? NextPath { get; init; }

    /// <summary>Where the body says whether there is a next page.</summary>
    public string? MorePath { get; init; }

    /// <summary>Header that holds the next page's token.</summary>
    public string? Header { get; init; }

    /// <summary>Field of a record by which pages go on.</summary>
    public string? Field { get; init; }

    /// <summary>Number of the first page, where that is 0.</summary>
    public int? FirstPage { get; init; }
}

/// <summary>Where the records lie.</summary>
/// <param name="Path">The path.</param>
/// <param name="IsColumns">Whether the values lie in one array a column.</param>
/// <param name="Inherit">Values beside the records that they need.</param>
internal sealed record RecordPathGuess(Finding Path, bool IsColumns, IReadOnlyList<string> Inherit);

/// <summary>One field of a record as a column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="From">The field.</param>
/// <param name="Type">Its type.</param>
/// <param name="Format">How days and instants are written, where that must be said.</param>
/// <param name="Unit">What its numbers measure, where the name says so.</param>
internal sealed record ColumnGuess(string Name, string From, Finding Type, string? Format, Finding? Unit)
{
    /// <summary>The type as a dataset says it.</summary>
    public ColumnKind Kind { get; init; }

    /// <summary>Digits after the point of the values seen.</summary>
    public int Scale { get; init; }

    /// <summary>Whether every record had it.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What its values identify.</summary>
    public IdentifierType? Identifier { get; init; }
}

/// <summary>How later runs fetch only what is new.</summary>
/// <param name="Field">Field of a record.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Parameter">Query parameter that asks from a value on; null where none was seen.</param>
/// <param name="ToParameter">Query parameter that asks up to a value.</param>
/// <param name="Format">How the source writes it where that is not ISO 8601.</param>
/// <param name="Start">Value of the parameter that was seen.</param>
/// <param name="Evidence">How sure that is, and why.</param>
internal sealed record CursorGuess(string Field, CursorType Type, string? Parameter, string? ToParameter, string? Format, string? Start, Finding Evidence);
