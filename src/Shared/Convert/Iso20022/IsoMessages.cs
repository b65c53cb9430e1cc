using System.Collections.Frozen;
using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>A message that is read: where its records are.</summary>
/// <param name="Name">As the standard writes it, without variant and version.</param>
/// <param name="Containers">The elements around groups of records; empty where the records lie in the message itself.</param>
/// <param name="Record">The record's element.</param>
/// <param name="IsStatement">Whether its tables are those of statements.</param>
internal sealed record IsoMessage(string Name, string[] Containers, string Record, bool IsStatement)
{
    public IReadOnlyList<RecordTable> Tables => IsStatement ? StatementTables.All : PaymentTables.All;

    /// <summary>Whether the standard demands a container.</summary>
    public bool NeedsContainer => Containers.Length > 0 && Name != "pain.002";

    /// <summary>The messages by the element inside <c>Document</c>.</summary>
    public static FrozenDictionary<string, IsoMessage> ByRoot { get; } = new Dictionary<string, IsoMessage>(StringComparer.Ordinal)
    {
        ["BkToCstmrAcctRpt"] = new("camt.052", ["Rpt"], "Ntry", true),
        ["BkToCstmrStmt"] = new("camt.053", ["Stmt"], "Ntry", true),
        ["BkToCstmrDbtCdtNtfctn"] = new("camt.054", ["Ntfctn"], "Ntry", true),
        ["CstmrCdtTrfInitn"] = new("pain.001", ["PmtInf"], "CdtTrfTxInf", false),
        ["CstmrPmtStsRpt"] = new("pain.002", ["OrgnlPmtInfAndSts"], "TxInfAndSts", false),
        ["CstmrDrctDbtInitn"] = new("pain.008", ["PmtInf"], "DrctDbtTxInf", false),
        ["FIToFIPmtStsRpt"] = new("pacs.002", [], "TxInfAndSts", false),
        ["FIToFICstmrDrctDbt"] = new("pacs.003", [], "DrctDbtTxInf", false),
        ["PmtRtr"] = new("pacs.004", [], "TxInf", false),
        ["FIToFICstmrCdtTrf"] = new("pacs.008", [], "CdtTrfTxInf", false),
        ["FICdtTrf"] = new("pacs.009", [], "CdtTrfTxInf", false),
        // The first versions named the element after the message.
        ["pain.001.001.02"] = new("pain.001", ["PmtInf"], "CdtTrfTxInf", false),
        ["pain.002.001.02"] = new("pain.002", [], "TxInfAndSts", false),
        ["pain.008.001.01"] = new("pain.008", ["PmtInf"], "DrctDbtTxInf", false),
        ["pacs.002.001.02"] = new("pacs.002", [], "TxInfAndSts", false),
        ["pacs.008.001.01"] = new("pacs.008", [], "CdtTrfTxInf", false),
        ["BkToCstmrAcctRptV01"] = new("camt.052", ["Rpt"], "Ntry", true),
        ["BkToCstmrStmtV01"] = new("camt.053", ["Stmt"], "Ntry", true),
        ["BkToCstmrDbtCdtNtfctnV01"] = new("camt.054", ["Ntfctn"], "Ntry", true),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
