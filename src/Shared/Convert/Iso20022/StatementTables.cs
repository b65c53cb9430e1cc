using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>The tables of account reports, statements and notifications (camt.052, camt.053, camt.054).</summary>
internal static class StatementTables
{
    /// <summary>The element of a single transaction inside an entry.</summary>
    public const string Detail = "TxDtls";

    /// <summary>The amounts that may say at which rate they were exchanged.</summary>
    static readonly string[] Amounts = ["InstdAmt", "TxAmt", "CntrValAmt", "AnncdPstngAmt"];

    /// <summary>Taken from the message.</summary>
    public static readonly RecordField[] Message = [("message_id", "GrpHdr/MsgId")];

    /// <summary>Taken from the statement, for its entries and balances.</summary>
    public static readonly RecordField[] Statement =
    [
        ("statement_id", "Id"), ("account_iban", "Acct/Id/IBAN"), ("account_other", "Acct/Id/Othr/Id|Acct/Id/PrtryAcct/Id|Acct/Id/BBAN|Acct/Id/UPIC"),
        ("account_currency", "Acct/Ccy"), ("account_name", "Acct/Nm|Acct/Ownr/Nm|Acct/Ownr/Pty/Nm"),
        ("servicer_bic", "Acct/Svcr/FinInstnId/BICFI|Acct/Svcr/FinInstnId/BIC|Acct/Svcr/FinInstnId/CmbndId/BIC"),
    ];

    static readonly RecordField[] Context = [("message", ""), .. Message, .. Statement];

    static readonly RecordField[] Entry =
    [
        ("entry_reference", "NtryRef"),
        .. IsoFields.Amount("", "Amt", "CdtDbtInd"), ("credit_debit", "CdtDbtInd"),
        new("reversal", FieldKind.Flag, "RvslInd"),
        IsoFields.Code("status", "Sts"),
        .. IsoFields.Moment("booking", "BookgDt"), .. IsoFields.Moment("value", "ValDt"),
        ("servicer_reference", "AcctSvcrRef"),
    ];

    public static readonly RecordTable Entries = new("entries", [.. Context, new("entry", FieldKind.Number, "")],
    [
        .. Entry,
        new("transactions", FieldKind.Number, ""),
        .. IsoFields.TransactionCode("", Detail + "/"),
        ("batch_message_id", "NtryDtls/Btch/MsgId|Btch/MsgId"), ("batch_payment_id", "NtryDtls/Btch/PmtInfId|Btch/PmtInfId"),
        new("batch_transactions", FieldKind.Number, "NtryDtls/Btch/NbOfTxs|Btch/NbOfTxs"),
        .. Details(Detail + "/", isEntry: true),
        ("additional_information", "AddtlNtryInf"),
    ]);

    public static readonly RecordTable Transactions = new(
        "transactions",
        [
            .. Context, new("entry", FieldKind.Number, ""), ("entry_reference", "NtryRef"), new("entry_amount", FieldKind.Number, "Amt") { Sign = ("CdtDbtInd", "DBIT") }, ("entry_currency", "Amt/@Ccy"),
            .. Entry.Where(f => f.Name is "reversal" or "status" or "booking_date" or "booking_time" or "value_date" or "value_time" or "servicer_reference"),
        ],
        [
            .. IsoFields.Amount("", "Amt|AmtDtls/TxAmt/Amt", "CdtDbtInd"), ("credit_debit", "CdtDbtInd"),
            .. IsoFields.TransactionCode(""), .. Details("", isEntry: false),
        ]);

    public static readonly RecordTable Balances = new("balances", Context,
    [
        IsoFields.Code("type", "Tp/CdOrPrtry", "Tp"), IsoFields.Code("sub_type", "Tp/SubTp"),
        .. IsoFields.Amount("", "Amt", "CdtDbtInd"), ("credit_debit", "CdtDbtInd"),
        new("date", FieldKind.Day, "Dt/Dt|Dt/DtTm"), new("time", FieldKind.Moment, "Dt/DtTm"),
        new("credit_line_included", FieldKind.Flag, "CdtLine/Incl"), new("credit_line", FieldKind.Number, "CdtLine/Amt"),
    ]);

    public static readonly RecordTable Statements = new("statements", [("message", ""), .. Message, new("message_time", FieldKind.Moment, "GrpHdr/CreDtTm"), ("business_message_id", ""), ("sender_bic", ""), ("receiver_bic", "")],
    [
        .. Statement, ("servicer_name", "Acct/Svcr/FinInstnId/Nm"),
        new("sequence", FieldKind.Number, "ElctrncSeqNb"), new("legal_sequence", FieldKind.Number, "LglSeqNb"),
        new("page", FieldKind.Number, "StmtPgntn/PgNb|RptPgntn/PgNb|NtfctnPgntn/PgNb"), new("last_page", FieldKind.Flag, "StmtPgntn/LastPgInd|RptPgntn/LastPgInd|NtfctnPgntn/LastPgInd"),
        new("created", FieldKind.Moment, "CreDtTm"), new("from", FieldKind.Moment, "FrToDt/FrDtTm"), new("to", FieldKind.Moment, "FrToDt/ToDtTm"),
        ("copy_duplicate", "CpyDplctInd"),
        new("total_entries", FieldKind.Number, "TxsSummry/TtlNtries/NbOfNtries"), new("total_credit", FieldKind.Number, "TxsSummry/TtlCdtNtries/Sum"), new("total_debit", FieldKind.Number, "TxsSummry/TtlDbtNtries/Sum"),
        new("entries", FieldKind.Number, ""), new("balances", FieldKind.Number, ""),
        ("additional_information", "AddtlStmtInf|AddtlRptInf|AddtlNtfctnInf"),
    ]);

    public static readonly IReadOnlyList<RecordTable> All = [Entries, Transactions, Balances, Statements];

    static IEnumerable<RecordField> Details(string root, bool isEntry)
    {
        var own = isEntry ? root + "|" : root;
        string Both(string path) => string.Join('|', own.Split('|').Select(r => r + path));
        return
        [
            .. Reference("message_reference", "MsgId"), .. Reference("payment_information_id", "PmtInfId"), .. Reference("instruction_id", "InstrId"),
            .. Reference("end_to_end_id", "EndToEndId"), .. Reference("uetr", "UETR"), .. Reference("transaction_id", "TxId"), .. Reference("mandate_id", "MndtId"),
            .. Reference("cheque_number", "ChqNb"), .. Reference("clearing_reference", "ClrSysRef"), .. Reference("transaction_servicer_reference", "AcctSvcrRef"),
            new("proprietary_references", FieldKind.Json, $"{root}Refs/Prtry"),
            .. IsoFields.Amount("instructed_", Both("AmtDtls/InstdAmt/Amt")),
            .. isEntry ? IsoFields.Amount("transaction_", $"{root}Amt|{root}AmtDtls/TxAmt/Amt|AmtDtls/TxAmt/Amt", $"{root}CdtDbtInd") : [],
            .. IsoFields.Amount("counter_value_", Both("AmtDtls/CntrValAmt/Amt")),
            new("exchange_rate", FieldKind.Number, Rate(own, "XchgRate")), ("exchange_source_currency", Rate(own, "SrcCcy")), ("exchange_target_currency", Rate(own, "TrgtCcy")), ("exchange_unit_currency", Rate(own, "UnitCcy")),
            .. IsoFields.Amount("charges_", Both("Chrgs/TtlChrgsAndTaxAmt")), new("charges", FieldKind.Json, Both("Chrgs/Rcrd") + "|" + Both("Chrgs")),
            .. IsoFields.Party("debtor", $"{root}RltdPties/", "Dbtr"), .. IsoFields.Agent("debtor", $"{root}RltdAgts/DbtrAgt"), ("ultimate_debtor_name", Named(root, "UltmtDbtr")),
            .. IsoFields.Party("creditor", $"{root}RltdPties/", "Cdtr"), .. IsoFields.Agent("creditor", $"{root}RltdAgts/CdtrAgt"), ("ultimate_creditor_name", Named(root, "UltmtCdtr")),
            .. IsoFields.Remittance(root),
            IsoFields.Code("return_reason", $"{root}RtrInf/Rsn"), new("return_information", FieldKind.Text, $"{root}RtrInf/AddtlInf") { IsJoined = true },
            .. isEntry ? [] : new RecordField[] { ("additional_information", "AddtlTxInf") },
        ];
        IEnumerable<RecordField> Reference(string column, string element) => [(column, $"{root}Refs/{element}")];
    }

    static string Named(string root, string element) => $"{root}RltdPties/{element}/Nm|{root}RltdPties/{element}/Pty/Nm";

    static string Rate(string own, string element) =>
        string.Join('|', own.Split('|').SelectMany(r => Amounts.Select(a => $"{r}AmtDtls/{a}/CcyXchg/{element}")));
}
