using DataIngestion.Conversion.Tests.Avro;
using DataIngestion.Conversion.Tests.Dbf;
using DataIngestion.Conversion.Tests.Documents;
using DataIngestion.Conversion.Tests.Excel;
using DataIngestion.Conversion.Tests.FixedWidth;
using DataIngestion.Conversion.Tests.Iso20022;
using DataIngestion.Conversion.Tests.Logs;
using DataIngestion.Conversion.Tests.Orc;
using DataIngestion.Conversion.Tests.Sqlite;
using DataIngestion.Conversion.Tests.Xbrl;

namespace DataIngestion.Conversion.Tests.Fuzz;

/// <summary>Good files of a format, and how they are read.</summary>
/// <param name="Files">Small, so that one change is likely to hit something that matters.</param>
/// <param name="Hint">Completes what is said about the format; null where nothing needs to be said.</param>
internal sealed record FormatSeed(Func<IReadOnlyList<byte[]>> Files, Func<FormatHint, FormatHint>? Hint = null);

/// <summary>What is fuzzed of the formats in the catalog.</summary>
internal static class FormatSeeds
{
    public static IReadOnlyDictionary<string, FormatSeed> ByFormat { get; } = new Dictionary<string, FormatSeed>(StringComparer.Ordinal)
    {
        // Typed columns.
        ["avro"] = new(() => AvroFiles.Seeds),
        ["orc"] = new(OrcFileTests.Seeds),
        ["arrow"] = new(() => [Arrow.ArrowFiles.Seed(0, new()), Arrow.ArrowFiles.Seed(1, new() { IsStream = true }), Arrow.ArrowFiles.Seed(2, new() { Compression = ArrowCompression.Lz4 }), Arrow.ArrowFiles.Seed(3, new() { Compression = ArrowCompression.Zstd, IsStream = true }), .. Arrow.ArrowMessages.Seeds()]),

        // Documents.
        ["bson"] = new(() => DocumentSeeds.Bson),
        ["cbor"] = new(() => DocumentSeeds.Cbor),
        ["messagepack"] = new(() => DocumentSeeds.MessagePack),
        ["protobuf"] = new(() => DocumentSeeds.Protobuf, DocumentSeeds.WithDescriptors),
        ["yaml"] = new(() => DocumentSeeds.Yaml),

        // Workbooks and databases.
        ["sas7bdat"] = new(Sas.Sas7bdatFiles.Seeds),
        ["xpt"] = new(Sas.XptFiles.Seeds),
        ["xlsx"] = new(ExcelSeeds.Xlsx),
        ["xlsb"] = new(ExcelSeeds.Xlsb),
        ["xls"] = new(ExcelSeeds.Xls),
        ["dbf"] = new(DbfTests.Seeds),
        ["sqlite"] = new(SqliteTests.Seeds),
        ["ods"] = new(ExcelSeeds.Ods),

        // Messages and statements.
        ["swift-mt"] = new(() => [Bytes(Swift.SwiftConversionTests.Statement), Bytes("{1:F01CECAESMMA0170000000000}{2:I320CAAMES2AXXXXN}{3:{108:M1}}{4:\n:15A:\n:20:R1\n:95P::BUYR//CAAMES2A\n-}{5:{CHK:1}}$")]),
        ["x12"] = new(() => [Bytes(Edi.EdiConversionTests.X12()), Bytes(Edi.EdiConversionTests.X12("|"))]),
        ["edifact"] = new(() => [Bytes(Edi.EdiConversionTests.Edifact)]),
        ["fix"] = new(() => [Bytes(Fix.FixMessages.Log(8)), Bytes(Fix.FixMessages.Log(5, m => "12:00:01 IN " + m.Replace('\u0001', '|'))), Bytes(Fix.FixMessages.Order(1) + Fix.FixMessages.Snapshot(2))], h => h with { Options = Unverified }),

        // Filings and markup.
        ["iso20022"] = new(() => [IsoMessages.Bytes(IsoMessages.Statement()), IsoMessages.Bytes(IsoMessages.CreditTransfer()), IsoMessages.Bytes(IsoMessages.Settlement())]),
        ["xbrl"] = new(() => [XbrlDocuments.Bytes(XbrlDocuments.Instance())]),
        ["ixbrl"] = new(() => [XbrlDocuments.Bytes(XbrlDocuments.Inline())]),
        ["ofx"] = new(() => [Ofx.OfxFiles.Sgml(), Ofx.OfxFiles.Xml()]),
        ["html"] = new(() => [XbrlDocuments.Bytes(Html.HtmlPages.Page())]),
        ["sec-submission"] = new(() => [XbrlDocuments.Bytes(Sec.SecFiles.Submission()), XbrlDocuments.Bytes(Sec.SecFiles.Tagged())]),

        // Text without delimiters.
        ["fixed-width"] = new(FixedWidthTests.Seeds),
        ["log"] = new(LogTests.Seeds),
    };

    /// <summary>Damage would never get behind the checksum.</summary>
    static Dictionary<string, string> Unverified => new(StringComparer.Ordinal) { ["verify"] = "false" };

    static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
