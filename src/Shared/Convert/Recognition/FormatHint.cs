using DataIngestion.Contracts;

namespace DataIngestion.Conversion;

/// <summary>What becomes of objects and arrays inside a JSON record.</summary>
public enum NestingMode
{
    /// <summary>Objects become columns named <c>a.b</c>, arrays stay JSON text.</summary>
    Flatten,

    /// <summary>Objects become struct columns and arrays list columns; where values differ in shape, JSON text.</summary>
    Nested,
}

/// <summary>What configuration says about a source's format. Everything is optional; what is not said is recognised.</summary>
public sealed record FormatHint
{
    /// <summary>A hint that says nothing.</summary>
    public static FormatHint None { get; } = new();

    /// <summary>A name such as <c>csv</c>, <c>ndjson</c> or <c>avro</c>; docs/formats lists them.</summary>
    public string? Format { get; init; }

    /// <summary>The table to read where the format holds several: a sheet, a database's table; null for the primary or only one.</summary>
    public string? Table { get; init; }

    /// <summary>What is said about the format beyond what is common to all, by the names that configs/format-specifications.yaml declares.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folder in which files that <see cref="Options"/> name are found; null where none may be named.</summary>
    public string? OptionFolder { get; init; }

    /// <summary>Whether files that <see cref="Options"/> name may lie elsewhere: only where a person at the machine names them.</summary>
    public bool MayLeaveOptionFolder { get; init; }

    /// <summary>
    /// Where the records are. JSON: <c>$.data[*]</c>, <c>$['Time Series (Daily)'].{date}</c> (a map; the key becomes column <c>date</c>).
    /// XML: <c>/a/b/c</c>, <c>//Cube[@currency]</c>, with the prefixes of <see cref="Namespaces"/>; a name without prefix matches in any namespace.
    /// </summary>
    public string? RecordPath { get; init; }

    /// <summary>Whether JSON records stand in columns, an array for each; see <see cref="ParallelArrays"/>.</summary>
    public bool HasParallelArrays { get; init; }

    /// <summary>
    /// Values of the records' ancestors that each record repeats: in XML <c>@time</c> (the nearest ancestor's attribute) or <c>Name</c> (an ancestor's child
    /// element that came before); in JSON the name of an ancestor's scalar property that came before (<c>symbol</c>, <c>meta.symbol</c>). Null: every attribute of an XML record's
    /// ancestors if no <see cref="RecordPath"/> is given, otherwise none.
    /// </summary>
    public IReadOnlyList<string>? Inherit { get; init; }

    /// <summary>What becomes of objects and arrays inside a JSON record.</summary>
    public NestingMode Nesting { get; init; }

    /// <summary>XML namespaces by the prefix used in <see cref="RecordPath"/>.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What stands between the fields of a delimited file: one or more characters.</summary>
    public string? Delimiter { get; init; }

    /// <summary>The character around fields of a delimited file.</summary>
    public char? Quote { get; init; }

    /// <summary>Whether quotes in a delimited file are text.</summary>
    public bool HasNoQuotes { get; init; }

    /// <summary>The character before a quote inside quotes; the quote itself where quotes are doubled.</summary>
    public char? Escape { get; init; }

    /// <summary>Lines before the first record of a delimited file.</summary>
    public int? SkipLines { get; init; }

    /// <summary>How many records of a delimited file name the columns.</summary>
    public int? HeaderRows { get; init; }

    /// <summary>Lines after the last record of a delimited file.</summary>
    public int? FooterLines { get; init; }

    /// <summary>What the last line of the text begins with, which is no record; content without it was cut. Null where there is no such line.</summary>
    public string? Trailer { get; init; }

    /// <summary>What a line of a delimited file begins with that is no record.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether anything is said about how a delimited file is written.</summary>
    internal bool SaysDialect =>
        Delimiter is not null || Quote is not null || HasNoQuotes || Escape is not null || Header is not null || SkipLines is not null || HeaderRows is not null
        || FooterLines is not null || Comment is not null;

    /// <summary>Whether a delimited file's first record names the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>An IANA name such as <c>windows-1252</c>; a byte order mark takes precedence.</summary>
    public string? Encoding { get; init; }

    /// <summary>Spellings that mean "no value" in columns that are not text; null for <see cref="DefaultNullSpellings"/>.</summary>
    public IReadOnlyList<string>? NullSpellings { get; init; }

    /// <summary>The spellings taken for "no value" unless configured otherwise.</summary>
    public static IReadOnlyList<string> DefaultNullSpellings { get; } =
        ["", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "Null", "None", "NaN", "nan", "-", ".", "\\N"];
}
