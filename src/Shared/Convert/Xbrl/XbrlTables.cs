using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>The tables of XBRL documents.</summary>
internal static class XbrlTables
{
    static readonly RecordField[] Context =
    [
        ("entity", ""), ("entity_scheme", ""), new("instant", FieldKind.Day, ""), new("start", FieldKind.Day, ""), new("end", FieldKind.Day, ""),
        new("dimensions", FieldKind.Json, ""), new("other_context", FieldKind.Json, ""),
    ];

    public static readonly RecordTable Facts = new(
        "facts",
        [
            ("concept", ""), ("namespace", ""), ("value", ""), new("number", FieldKind.Number, ""), new("nil", FieldKind.Flag, ""),
            ("context", ""), .. Context,
            ("unit", ""), ("unit_id", ""), ("decimals", ""), ("precision", ""), ("language", ""), ("footnotes", ""), ("tuple", ""), ("fact_id", ""), new("hidden", FieldKind.Flag, ""),
        ],
        []);

    public static readonly RecordTable Contexts = new("contexts", [("context", ""), .. Context], []);

    public static readonly RecordTable Units = new("units", [("unit_id", ""), ("unit", ""), ("measures", ""), ("divisor", "")], []);

    public static readonly IReadOnlyList<RecordTable> All = [Facts, Contexts, Units];

    public static readonly HashSet<string> Texts =
        [.. All.SelectMany(t => t.Columns).Where(c => c.Kind is FieldKind.Text or FieldKind.Json).Select(c => c.Name), RecordTable.Other];
}

/// <summary>The namespaces of XBRL 2.1, dimensions 1.0 and inline XBRL 1.0 and 1.1.</summary>
internal static class XbrlSpaces
{
    public const string Instance = "http://www.xbrl.org/2003/instance";
    public const string Link = "http://www.xbrl.org/2003/linkbase";
    public const string XLink = "http://www.w3.org/1999/xlink";
    public const string Schema = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Inline10 = "http://www.xbrl.org/2008/inlineXBRL";
    public const string Inline11 = "http://www.xbrl.org/2013/inlineXBRL";

    public static bool IsInline(string space) => space is Inline10 or Inline11;
}
