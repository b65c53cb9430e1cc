using System.Text;

namespace DataIngestion.Conversion.Tests.Iso20022;

/// <summary>Small messages, written for tests.</summary>
internal static class IsoMessages
{
    public static string Statement(string version = "camt.053.001.08", int entries = 2, string? extra = null) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt>
        <GrpHdr><MsgId>M1</MsgId><CreDtTm>2024-05-31T18:00:00+02:00</CreDtTm></GrpHdr>
        <Stmt><Id>S1</Id><ElctrncSeqNb>17</ElctrncSeqNb><CreDtTm>2024-05-31T18:00:00+02:00</CreDtTm>
        <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy><Svcr><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></Svcr></Acct>
        <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2024-05-30</Dt></Dt></Bal>
        <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><DtTm>2024-05-31T23:59:59Z</DtTm></Dt></Bal>
        {string.Concat(Enumerable.Range(1, entries).Select(Entry))}{extra}
        <AddtlStmtInf>end</AddtlStmtInf></Stmt></BkToCstmrStmt></Document>
        """;

    /// <summary>An entry of one transaction; even ones are debits and reversals.</summary>
    public static string Entry(int number) => $"""
        <Ntry><NtryRef>{number:000}</NtryRef><Amt Ccy="EUR">{number}.1000</Amt><CdtDbtInd>{(number % 2 == 0 ? "DBIT" : "CRDT")}</CdtDbtInd>{(number % 2 == 0 ? "<RvslInd>true</RvslInd>" : "")}<Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2024-05-31</Dt></BookgDt><ValDt><DtTm>2024-06-01T00:00:00Z</DtTm></ValDt><AcctSvcrRef>0000{number}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>{Transaction($"E2E-{number}")}</NtryDtls></Ntry>
        """;

    public static string Transaction(string endToEnd) => $"""
        <TxDtls><Refs><EndToEndId>{endToEnd}</EndToEndId></Refs><Amt Ccy="EUR">1.10</Amt>
        <AmtDtls><InstdAmt><Amt Ccy="USD">1.20</Amt><CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.9166666667</XchgRate></CcyXchg></InstdAmt></AmtDtls>
        <Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.02</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">0.02</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>
        <RltdPties><Dbtr><Pty><Nm>Société Générale &amp; Co</Nm><PstlAdr><AdrLine>1 rue A</AdrLine><AdrLine>Paris</AdrLine></PstlAdr></Pty></Dbtr><DbtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></DbtrAcct></RltdPties>
        <RltdAgts><DbtrAgt><FinInstnId><BICFI>SOGEFRPP</BICFI></FinInstnId></DbtrAgt></RltdAgts>
        <RmtInf><Ustrd>Invoice 1</Ustrd><Ustrd>and 2</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
        """;

    public static string CreditTransfer(int transactions = 2) => $"""
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
        <GrpHdr><MsgId>P1</MsgId><CreDtTm>2024-05-31T10:00:00Z</CreDtTm><NbOfTxs>{transactions}</NbOfTxs><CtrlSum>30.00</CtrlSum><InitgPty><Nm>Treasury</Nm></InitgPty></GrpHdr>
        <PmtInf><PmtInfId>PAY-1</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>2024-06-03</Dt></ReqdExctnDt><Dbtr><Nm>Payer</Nm></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
        {string.Concat(Enumerable.Range(1, transactions).Select(i => $"<CdtTrfTxInf><PmtId><EndToEndId>E{i}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">{i}0.00</InstdAmt></Amt><Cdtr><Nm>Payee {i}</Nm></Cdtr><CdtrAcct><Id><Othr><Id>00{i}</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"))}
        </PmtInf></CstmrCdtTrfInitn></Document>
        """;

    public static string Settlement() => """
        <RequestPayload><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId><FinInstnId><BICFI>AAAADEFF</BICFI></FinInstnId></FIId></Fr><To><FIId><FinInstnId><BICFI>BBBBFRPP</BICFI></FinInstnId></FIId></To><BizMsgIdr>B1</BizMsgIdr><MsgDefIdr>pacs.008.001.08</MsgDefIdr></AppHdr>
        <p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><p:FIToFICstmrCdtTrf><p:GrpHdr><p:MsgId>G1</p:MsgId><p:NbOfTxs>3</p:NbOfTxs><p:IntrBkSttlmDt>2024-06-03</p:IntrBkSttlmDt></p:GrpHdr>
        <p:CdtTrfTxInf><p:PmtId><p:EndToEndId>X</p:EndToEndId><p:UETR>8a562c67-ca16-48ba-b074-65581be6f001</p:UETR></p:PmtId><p:IntrBkSttlmAmt Ccy="EUR">12.345</p:IntrBkSttlmAmt><p:ChrgBr>SHAR</p:ChrgBr><p:Dbtr><p:Nm>A</p:Nm></p:Dbtr><p:SplmtryData><p:Envlp><p:Extra k="v">more</p:Extra></p:Envlp></p:SplmtryData></p:CdtTrfTxInf></p:FIToFICstmrCdtTrf></p:Document></RequestPayload>
        """;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
