using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Sec;

/// <summary>
/// Full-submission text of the SEC's EDGAR: a header of fields, indented (<c>SEC-HEADER</c>) or in tags (<c>SUBMISSION</c>, files named .nc), and the
/// documents of the filing, of which the table <c>documents</c> says where they are.
/// </summary>
internal sealed class SecSubmissionFormat : IRowFormat, ITableFormat
{
    /// <summary>Taken from the header, by the names in either notation.</summary>
    public static readonly (string Column, string[] Keys)[] HeaderColumns =
    [
        ("accession_number", ["ACCESSION NUMBER", "ACCESSION-NUMBER"]), ("submission_type", ["CONFORMED SUBMISSION TYPE", "TYPE", "FORM-TYPE"]), ("filed", ["FILED AS OF DATE", "FILING-DATE"]),
        ("period", ["CONFORMED PERIOD OF REPORT", "PERIOD"]), ("filer", ["COMPANY CONFORMED NAME", "CONFORMED-NAME"]), ("cik", ["CENTRAL INDEX KEY", "CIK"]),
    ];

    public static readonly RecordTable Documents = new(
        "documents",
        [
            .. HeaderColumns.Select(h => h.Column is "filed" or "period" ? new RecordField(h.Column, FieldKind.Day, "") : (h.Column, "")),
            new("sequence", FieldKind.Number, ""), ("type", ""), ("filename", ""), ("description", ""), ("content", ""),
            new("offset", FieldKind.Number, ""), new("length", FieldKind.Number, ""), new("lines", FieldKind.Number, ""),
        ],
        []);

    public static readonly RecordTable Header = new("header", [("accession_number", ""), ("section", ""), ("key", ""), ("value", ""), new("line", FieldKind.Number, "")], []);

    static readonly TableList Tables = new([Documents.Name, Header.Name], Documents.Name);

    static readonly HashSet<string> Texts = [.. Documents.Columns.Concat(Header.Columns).Where(c => c.Kind == FieldKind.Text).Select(c => c.Name)];

    public string Name => "sec-submission";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public bool IsAlwaysText(string column) => Texts.Contains(column);

    public IRowReader CreateReader(FormatContext context) => new SecSubmissionReader(context, Tables.Choose(context.Table) == Header.Name ? Header : Documents);

    public ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken) => new(Tables);
}
