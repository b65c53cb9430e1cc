using System.Collections.Frozen;
using DataIngestion.Conversion.Avro;
using DataIngestion.Conversion.Bson;
using DataIngestion.Conversion.Cbor;
using DataIngestion.Conversion.Dbf;
using DataIngestion.Conversion.Excel;
using DataIngestion.Conversion.FixedWidth;
using DataIngestion.Conversion.Html;
using DataIngestion.Conversion.Iso20022;
using DataIngestion.Conversion.Logs;
using DataIngestion.Conversion.MessagePack;
using DataIngestion.Conversion.Ofx;
using DataIngestion.Conversion.Orc;
using DataIngestion.Conversion.Parquet;
using DataIngestion.Conversion.Protobuf;
using DataIngestion.Conversion.Sec;
using DataIngestion.Conversion.Sqlite;
using DataIngestion.Conversion.Xbrl;
using DataIngestion.Conversion.Yaml;

namespace DataIngestion.Conversion.Formats;

/// <summary>Every format that can be read.</summary>
internal static class FormatCatalog
{
    /// <summary>Those with a pipeline of their own.</summary>
    static readonly string[] Core = ["csv", "tsv", "json", "ndjson", "xml"];

    static readonly FrozenDictionary<string, IFormat> ByName = new IFormat[]
    {
        // Typed columns.
        new AvroFormat(),
        new OrcFormat(),
        new ParquetFormat(),
        new Arrow.ArrowFormat(),

        // Documents.
        new BsonFormat(),
        new CborFormat(),
        new MessagePackFormat(),
        new ProtobufFormat(),
        new YamlFormat(),

        // Workbooks and databases.
        new DbfFormat(),
        new SqliteFormat(),
        new WorkbookFormat("xlsx"), new WorkbookFormat("xlsb"), new WorkbookFormat("xls"), new WorkbookFormat("ods"),
        new Sas.Sas7bdatFormat(),
        new Sas.XptFormat(),

        // Messages and statements.
        new Fix.FixFormat(),
        new Swift.SwiftFormat(),
        new Edi.EdiFormat(Edi.EdiStandard.X12),
        new Edi.EdiFormat(Edi.EdiStandard.Edifact),

        // Filings and markup.
        new Iso20022Format(),
        new XbrlFormat(isInline: false),
        new XbrlFormat(isInline: true),
        new OfxFormat(),
        new HtmlFormat(),
        new SecSubmissionFormat(),

        // Replies of vendors.
        new Bloomberg.BloombergReplyFormat(),

        // Text without delimiters.
        new FixedWidthFormat(),
        new LogFormat(),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The names of all formats that can be read, in alphabetical order.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Core.Concat(ByName.Keys).Order(StringComparer.Ordinal)];

    /// <summary>The format; null for those of the core, and for those that are not read.</summary>
    public static IFormat? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether the content of a format is handed over as its stored bytes. XML declares its encoding itself, and its reader knows how to find it.</summary>
    public static bool IsBinary(string name) => name == "xml" || Find(name) is { IsText: false };

    /// <summary>The format of the core that a format is read as.</summary>
    public static string ReadsAs(string name) => Find(name) is IDocumentFormat documents ? documents.ReadsAs : name;
}
