using System.Text;

namespace DataIngestion.Conversion.Tests.Recognition;

/// <summary>Messages and statements of finance are told to the message and its version.</summary>
public sealed class SubschemaTests
{
    static FormatFinding Find(string text) => new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(text), null);

    [Theory]
    [InlineData("8=FIX.4.2\u00019=65\u000135=A\u000149=A\u000156=B\u000110=062\u0001", "FIX.4.2")]
    [InlineData("8=FIXT.1.1|9=80|35=D|1128=9|49=A|10=000|", "FIX.5.0SP2")]
    [InlineData("20240102-09:30:00.123 : 8=FIX.4.4\u00019=65\u000135=0\u000110=000\u0001\n", "FIX.4.4")]
    public void Fix_is_told_by_its_version(string text, string version) => Check(Find(text), "fix", version);

    [Theory]
    [InlineData("{1:F01BANKDEFFAXXX0000000000}{2:O1030919240102BANKDEFFAXXX00000000002401020919N}{4:\n:20:REF\n:32A:240102EUR100,\n-}", "MT103")]
    [InlineData(":20:STARTUMS\n:25:12345678/1020304050\n:28C:0\n:60F:C240102EUR12345,12\n:61:240102D3,15NMSC\n:62F:C240102EUR1,\n", "MT940")]
    [InlineData(":20:X\n:25:1234\n:28C:1\n:34F:EURD0,\n:13D:2401021530+0100\n:61:240102C1,NTRF\n", "MT942")]
    public void Swift_messages_are_told_by_their_number(string text, string version) => Check(Find(text), "swift-mt", version);

    [Theory]
    [InlineData("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240102*1200*U*00401*000000001*0*P*>~GS*IN*A*B*20240102*1200*1*X*004010~ST*810*0001~", "x12", "810 004010")]
    [InlineData("UNA:+.? 'UNB+UNOC:3+A+B+240102:1200+1'UNH+1+INVOIC:D:96A:UN'BGM+380+1'", "edifact", "INVOIC D.96A")]
    [InlineData("UNB+UNOA:1+A+B+240102:1200+1'\nUNH+1+PAXLST:D:02B:UN'\n", "edifact", "PAXLST D.02B")]
    [InlineData("OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX>", "ofx", "1.0.2")]
    [InlineData("<SEC-DOCUMENT>0001-24-1.txt : 20240102\n<SEC-HEADER>x\nCONFORMED SUBMISSION TYPE:\t10-K\n", "sec-submission", "10-K")]
    [InlineData("!Type:Bank\nD01/02/2024\nT-1.00\n^\n", "qif", "Type:Bank")]
    public void Statements_and_filings_are_told_by_their_headers(string text, string format, string version) => Check(Find(text), format, version);

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt/></Document>", "camt.053.001.02")]
    [InlineData("<m:BizMsg xmlns:m=\"urn:x\"><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\"/><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"/></m:BizMsg>", "pacs.008.001.08")]
    [InlineData("<xbrl xmlns=\"http://www.xbrl.org/2003/instance\" xmlns:us-gaap=\"http://fasb.org/us-gaap/2023\"/>", "us-gaap 2023")]
    [InlineData("<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\" VERSION=\"211\"?><OFX/>", "2.1.1")]
    [InlineData("<dataDocument xmlns=\"http://www.fpml.org/FpML-5/confirmation\" fpmlVersion=\"5-10\"/>", "5-10 confirmation")]
    [InlineData("<informationTable xmlns=\"http://www.sec.gov/edgar/document/thirteenf/informationtable\"/>", "13F information table")]
    [InlineData("<rss version=\"2.0\"><channel/></rss>", "RSS 2.0")]
    public void Xml_is_told_by_its_namespaces(string text, string version) => Assert.Equal(version, Find(text).Version);

    [Fact]
    public void Inline_xbrl_is_told_with_its_taxonomy() =>
        Check(Find("<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:us-gaap=\"http://fasb.org/us-gaap/2022\"><body><ix:nonFraction name=\"us-gaap:Assets\">1</ix:nonFraction></body></html>"), "ixbrl", "us-gaap 2022");

    static void Check(FormatFinding finding, string format, string version)
    {
        Assert.Equal((format, version), (finding.Format, finding.Version));
        Assert.InRange(finding.Confidence, 0.7, 1);
        Assert.NotEmpty(finding.Evidence);
    }
}
