using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>The tables of payment initiations, transfers, returns and status reports (pain and pacs).</summary>
internal static class PaymentTables
{
    /// <summary>Taken from the message.</summary>
    public static readonly RecordField[] Message =
    [
        ("message_id", "GrpHdr/MsgId"), new("message_time", FieldKind.Moment, "GrpHdr/CreDtTm"),
        ("original_message_id", "OrgnlGrpInfAndSts/OrgnlMsgId|OrgnlGrpInf/OrgnlMsgId"), ("original_message", "OrgnlGrpInfAndSts/OrgnlMsgNmId|OrgnlGrpInf/OrgnlMsgNmId"), ("group_status", "OrgnlGrpInfAndSts/GrpSts"),
    ];

    /// <summary>Taken from the payment around a transaction.</summary>
    public static readonly RecordField[] Payment =
    [
        ("payment_id", "PmtInfId|OrgnlPmtInfId"), ("payment_method", "PmtMtd"), ("payment_status", "PmtInfSts"),
    ];

    static readonly RecordField[] Context = [("message", ""), .. Message, .. Payment];

    public static readonly RecordTable Transactions = new("transactions", Context,
    [
        ("instruction_id", "PmtId/InstrId"), ("end_to_end_id", "PmtId/EndToEndId"), ("transaction_id", "PmtId/TxId"), ("uetr", "PmtId/UETR|OrgnlUETR"), ("clearing_reference", "PmtId/ClrSysRef|ClrSysRef"),
        .. IsoFields.Amount("", "IntrBkSttlmAmt|RtrdIntrBkSttlmAmt|Amt/InstdAmt|InstdAmt|Amt/EqvtAmt/Amt|OrgnlIntrBkSttlmAmt|OrgnlTxRef/IntrBkSttlmAmt|OrgnlTxRef/Amt/InstdAmt"),
        .. IsoFields.Amount("instructed_", "InstdAmt|RtrdInstdAmt"), new("exchange_rate", FieldKind.Number, "XchgRate|XchgRateInf/XchgRate"),
        new("requested_date", FieldKind.Day, "ReqdExctnDt/Dt|ReqdExctnDt/DtTm|ReqdExctnDt|ReqdColltnDt|OrgnlTxRef/ReqdExctnDt/Dt|OrgnlTxRef/ReqdExctnDt|OrgnlTxRef/ReqdColltnDt") { IsInherited = true },
        new("settlement_date", FieldKind.Day, "IntrBkSttlmDt|GrpHdr/IntrBkSttlmDt|OrgnlTxRef/IntrBkSttlmDt") { IsInherited = true },
        Inherited("service_level", "PmtTpInf/SvcLvl/Cd|PmtTpInf/SvcLvl/Prtry"), Inherited("local_instrument", "PmtTpInf/LclInstrm/Cd|PmtTpInf/LclInstrm/Prtry"),
        Inherited("category_purpose", "PmtTpInf/CtgyPurp/Cd|PmtTpInf/CtgyPurp/Prtry"), Inherited("sequence_type", "PmtTpInf/SeqTp"), Inherited("charge_bearer", "ChrgBr"),
        ("mandate_id", "DrctDbtTx/MndtRltdInf/MndtId"), new("mandate_date", FieldKind.Day, "DrctDbtTx/MndtRltdInf/DtOfSgntr"), Inherited("creditor_scheme_id", "CdtrSchmeId/Id/PrvtId/Othr/Id|DrctDbtTx/CdtrSchmeId/Id/PrvtId/Othr/Id|CdtrSchmeId/Id/OrgId/Othr/Id"),
        .. IsoFields.Party("debtor", "", "Dbtr", isInherited: true), .. IsoFields.Agent("debtor", "DbtrAgt", isInherited: true), ("ultimate_debtor_name", "UltmtDbtr/Nm"),
        .. IsoFields.Party("creditor", "", "Cdtr", isInherited: true), .. IsoFields.Agent("creditor", "CdtrAgt", isInherited: true), ("ultimate_creditor_name", "UltmtCdtr/Nm"),
        Inherited("instructing_bic", "InstgAgt/FinInstnId/BICFI|InstgAgt/FinInstnId/BIC|GrpHdr/InstgAgt/FinInstnId/BICFI|GrpHdr/InstgAgt/FinInstnId/BIC"),
        Inherited("instructed_bic", "InstdAgt/FinInstnId/BICFI|InstdAgt/FinInstnId/BIC|GrpHdr/InstdAgt/FinInstnId/BICFI|GrpHdr/InstdAgt/FinInstnId/BIC"),
        .. IsoFields.Remittance(""),
        ("status_id", "StsId|RtrId"), ("status", "TxSts"), ("original_instruction_id", "OrgnlInstrId"), ("original_end_to_end_id", "OrgnlEndToEndId"), ("original_transaction_id", "OrgnlTxId"),
        IsoFields.Code("status_reason", "StsRsnInf/Rsn", "StsRsnInf/StsRsn", "RtrRsnInf/Rsn"), new("status_information", FieldKind.Text, "StsRsnInf/AddtlInf|StsRsnInf/AddtlStsRsnInf|RtrRsnInf/AddtlInf") { IsJoined = true },
    ]);

    public static readonly RecordTable Payments = new("payments", [("message", ""), .. Message],
    [
        .. Payment, new("batch_booking", FieldKind.Flag, "BtchBookg"), new("declared_transactions", FieldKind.Number, "NbOfTxs|OrgnlNbOfTxs"), new("control_sum", FieldKind.Number, "CtrlSum|OrgnlCtrlSum"),
        new("requested_date", FieldKind.Day, "ReqdExctnDt/Dt|ReqdExctnDt/DtTm|ReqdExctnDt|ReqdColltnDt"),
        ("service_level", "PmtTpInf/SvcLvl/Cd|PmtTpInf/SvcLvl/Prtry"), ("local_instrument", "PmtTpInf/LclInstrm/Cd|PmtTpInf/LclInstrm/Prtry"), ("sequence_type", "PmtTpInf/SeqTp"), ("charge_bearer", "ChrgBr"),
        .. IsoFields.Party("debtor", "", "Dbtr"), .. IsoFields.Agent("debtor", "DbtrAgt"), .. IsoFields.Party("creditor", "", "Cdtr"), .. IsoFields.Agent("creditor", "CdtrAgt"),
        IsoFields.Code("status_reason", "StsRsnInf/Rsn", "StsRsnInf/StsRsn"), new("transactions", FieldKind.Number, ""),
    ]);

    public static readonly RecordTable Groups = new("groups", [("message", ""), ("business_message_id", ""), ("sender_bic", ""), ("receiver_bic", "")],
    [
        .. Message, new("declared_transactions", FieldKind.Number, "GrpHdr/NbOfTxs|OrgnlGrpInfAndSts/OrgnlNbOfTxs"), new("control_sum", FieldKind.Number, "GrpHdr/CtrlSum|OrgnlGrpInfAndSts/OrgnlCtrlSum"),
        .. IsoFields.Amount("settlement_", "GrpHdr/TtlIntrBkSttlmAmt|GrpHdr/TtlRtrdIntrBkSttlmAmt"), new("settlement_date", FieldKind.Day, "GrpHdr/IntrBkSttlmDt"), ("settlement_method", "GrpHdr/SttlmInf/SttlmMtd"),
        ("initiator_name", "GrpHdr/InitgPty/Nm"), ("initiator_id", "GrpHdr/InitgPty/Id/OrgId/LEI|GrpHdr/InitgPty/Id/OrgId/AnyBIC|GrpHdr/InitgPty/Id/OrgId/BICOrBEI|GrpHdr/InitgPty/Id/OrgId/Othr/Id|GrpHdr/InitgPty/Id/PrvtId/Othr/Id"),
        IsoFields.Code("status_reason", "OrgnlGrpInfAndSts/StsRsnInf/Rsn", "OrgnlGrpInfAndSts/StsRsnInf/StsRsn"), new("payments", FieldKind.Number, ""), new("transactions", FieldKind.Number, ""),
    ]);

    public static readonly IReadOnlyList<RecordTable> All = [Transactions, Payments, Groups];

    static RecordField Inherited(string column, string paths) => new(column, FieldKind.Text, paths) { IsInherited = true };
}
