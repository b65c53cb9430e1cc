using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>What becomes of objects and arrays inside a JSON record.</summary>
public enum NestingKind
{
    /// <summary>Objects become columns named <c>a.b</c>, arrays stay JSON text.</summary>
    Flatten,

    /// <summary>Objects become struct columns and arrays list columns.</summary>
    Nested,
}

/// <summary>How JSON records are written at the record path.</summary>
public enum RecordLayout
{
    /// <summary>A value is a record.</summary>
    Rows,

    /// <summary>
    /// An object has an array for each column, all of one length: <c>{"t":[1,2],"c":[3,4]}</c>. The n-th values of all are the n-th record, and what is no array
    /// stands in every record.
    /// </summary>
    Columns,
}

/// <summary>What is known about a source's bytes. Everything left out is recognised from the content.</summary>
public sealed record FormatDefinition : IValidatableObject
{
    const int MaxDelimiter = 8;

    /// <summary>Its name, such as <c>csv</c> or <c>xlsx</c>; <c>configs/format-specifications.yaml</c> lists them.</summary>
    public string? Format { get; init; }

    /// <summary>The member to read where what arrives is an archive of several, by its full name in the archive; <c>!/</c> leads into an archive inside. <c>*</c> and <c>?</c> stand for any characters; one member must fit.</summary>
    public string? Entry { get; init; }

    /// <summary>The table to read where the content holds several: a sheet, a table of a database.</summary>
    public string? Table { get; init; }

    /// <summary>Options of the format, by the names and with the values that <c>configs/format-specifications.yaml</c> declares.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the records lie: for JSON a <see cref="Contracts.RecordPath"/> (<c>data.bars[*]</c>), for XML a path of elements.</summary>
    public string? RecordPath { get; init; }

    /// <summary>How JSON records are written there; default <c>rows</c>.</summary>
    public RecordLayout Layout { get; init; }

    /// <summary>Values of the records' ancestors that each record repeats: in XML <c>@time</c> or a child element's name, in JSON a property's name (<c>meta.symbol</c>).</summary>
    public IReadOnlyList<string>? Inherit { get; init; }

    /// <summary>What becomes of objects and arrays inside a JSON record; default <c>flatten</c>.</summary>
    public NestingKind Nesting { get; init; }

    /// <summary>
    /// A regular expression that is looked for in the text before the records (the first 16 KiB): each named group is a field that all records
    /// repeat, such as the day that a table is for: <c>^(?&lt;date&gt;\d\d\.\d\d\.\d{4}) #</c>. For text; <c>^</c> and <c>$</c> match at lines. Null for none.
    /// </summary>
    public string? Preamble { get; init; }

    /// <summary>Makes a row of each column of a table that has a column for each series; null for none.</summary>
    public UnpivotDefinition? Unpivot { get; init; }

    /// <summary>XML namespace prefixes used in paths.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands between the fields of a CSV record: one to eight characters.</summary>
    public string? Delimiter { get; init; }

    /// <summary>The character around CSV fields, or <c>none</c>.</summary>
    public string? Quote { get; init; }

    /// <summary>The character before a quote inside quotes; without it a quote is doubled.</summary>
    public string? Escape { get; init; }

    /// <summary>Whether the first CSV record names the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>How many CSV records name the columns; 0 to 16.</summary>
    [Range(0, 16)]
    public int? HeaderRows { get; init; }

    /// <summary>Lines before the first CSV record; 0 to 100,000.</summary>
    [Range(0, 100_000)]
    public int? SkipLines { get; init; }

    /// <summary>Lines after the last CSV record; 0 to 1,000.</summary>
    [Range(0, 1_000)]
    public int? FooterLines { get; init; }

    /// <summary>
    /// What the last line of the text begins with, which is no record: <c>END|</c>. Content whose last line begins otherwise was cut, and is
    /// refused as a whole. Null where there is no such line.
    /// </summary>
    public string? Trailer { get; init; }

    /// <summary>What a CSV line begins with that is a remark.</summary>
    public string? Comment { get; init; }

    /// <summary>Character encoding, by IANA name.</summary>
    public string? Encoding { get; init; }

    /// <summary>What means "no value" in columns that are not text; default a list of usual spellings.</summary>
    public IReadOnlyList<string>? Nulls { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Options.Count > 0 && Format is null)
            yield return new("options depend on the format: say which it is with 'format'.", [nameof(Options)]);
        if (Entry is { Length: 0 })
            yield return new("the name of an entry is empty: leave it out, or name a member.", [nameof(Entry)]);
        if (Table is { Length: 0 })
            yield return new("the name of a table is empty: leave it out, or name a table.", [nameof(Table)]);
        if (Delimiter is not null && (Delimiter.Length is 0 or > MaxDelimiter || Delimiter.AsSpan().ContainsAny('\r', '\n')))
            yield return new($"the delimiter has {Delimiter.Length} characters: expected 1 to {MaxDelimiter} and no line end.", [nameof(Delimiter)]);
        if (Quote is not null and not "none" && (Quote.Length != 1 || Quote == Delimiter || char.IsControl(Quote[0])))
            yield return new($"'{Quote}' cannot stand around fields: expected one character that is not the delimiter, or none.", [nameof(Quote)]);
        if (Escape is not null && (Escape.Length != 1 || Escape == Delimiter || char.IsControl(Escape[0])))
            yield return new($"'{Escape}' cannot escape a quote: expected one character that is not the delimiter.", [nameof(Escape)]);
        if (Trailer is not null && (Trailer.Length == 0 || Trailer.AsSpan().ContainsAny('\r', '\n')))
            yield return new("the last line has to begin with at least one character, on one line.", [nameof(Trailer)]);
        if (Comment is not null && (Comment.Length == 0 || Comment.AsSpan().ContainsAny('\r', '\n')))
            yield return new("a comment has to begin with at least one character, on one line.", [nameof(Comment)]);
        if (Header is { } header && HeaderRows is { } rows && header == (rows == 0))
            yield return new($"'headerRows' is {rows}, but 'header' is {(header ? "true" : "false")}: leave one of them out.", [nameof(HeaderRows)]);
        if (Preamble is not null && PreambleFault(Preamble) is { } fault)
            yield return new($"'{Preamble}' cannot be looked for: {fault}", [nameof(Preamble)]);
        if (Encoding is not null && !IsEncoding(Encoding))
            yield return new($"there is no encoding '{Encoding}': expected an IANA name such as utf-8, utf-16 or windows-1252.", [nameof(Encoding)]);
    }

    /// <summary>The expression of <see cref="Preamble"/>, which takes time in proportion to the text; null where there is none.</summary>
    public Regex? PreamblePattern() => Preamble is null ? null : new(Preamble, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Multiline);

    static string? PreambleFault(string pattern)
    {
        try
        {
            var names = new Regex(pattern, RegexOptions.NonBacktracking).GetGroupNames();
            return names.Any(n => !char.IsAsciiDigit(n[0])) ? null : "expected at least one named group, such as (?<date>\\d{8}).";
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return refused.Message;
        }
    }

    static bool IsEncoding(string name)
    {
        try
        {
            return (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? System.Text.Encoding.GetEncoding(name)) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
