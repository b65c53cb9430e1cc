namespace DataIngestion.Conversion.Markup;

/// <summary>What the text of a field is.</summary>
internal enum FieldKind
{
    /// <summary>Text, whatever it looks like: names, identifiers, codes.</summary>
    Text,

    /// <summary>An exact number.</summary>
    Number,

    /// <summary>A calendar day; of a date with a time, the day as written.</summary>
    Day,

    /// <summary>A date with a time.</summary>
    Moment,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Every element of the path with all that is inside, as JSON text.</summary>
    Json,
}

/// <summary>A column of a table of records, and where its value is found.</summary>
/// <param name="Paths">Paths of child elements, <c>a/b/c</c> or <c>a/b/@x</c>, several with '|': the first one that is there. Empty: never.</param>
internal sealed record RecordField(string Name, FieldKind Kind, string Paths)
{
    /// <summary>The element that says the sign of a number, and the word in it that makes it negative.</summary>
    public (string Path, string Negative)? Sign { get; init; }

    /// <summary>Whether every element of the path is taken, with line breaks between; otherwise the first.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Whether a record without it has that of its group.</summary>
    public bool IsInherited { get; init; }

    /// <summary>Whether a text of another kind is no fault: another field has it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The alternatives.</summary>
    public string[] Alternatives { get; } = Paths.Length == 0 ? [] : Paths.Split('|');

    public static implicit operator RecordField((string Name, string Paths) text) => new(text.Name, FieldKind.Text, text.Paths);
}

/// <summary>A table of records: its columns in order.</summary>
/// <param name="Context">Columns whose values come from around the record, set by the reader.</param>
/// <param name="Fields">Columns taken from the record.</param>
internal sealed record RecordTable(string Name, IReadOnlyList<RecordField> Context, IReadOnlyList<RecordField> Fields)
{
    /// <summary>What has no column of its own.</summary>
    public const string Other = "other";

    public IEnumerable<RecordField> Columns => Context.Concat(Fields);
}
