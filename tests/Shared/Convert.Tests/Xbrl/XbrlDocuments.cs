using System.Text;

namespace DataIngestion.Conversion.Tests.Xbrl;

/// <summary>Small documents, written for tests.</summary>
internal static class XbrlDocuments
{
    public static string Instance() => """
        <?xml version="1.0"?>
        <xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:us-gaap="http://fasb.org/us-gaap/2024" xmlns:aapl="http://apple/2024">
        <link:schemaRef xlink:type="simple" xlink:href="a.xsd"/>
        <us-gaap:Assets contextRef="i" unitRef="usd" decimals="-3" id="f1">1234567</us-gaap:Assets>
        <us-gaap:Eps contextRef="d" unitRef="eps" decimals="2">-0.61</us-gaap:Eps>
        <us-gaap:Policy contextRef="d" xml:lang="fr">Politique &lt;b&gt;A&lt;/b&gt;</us-gaap:Policy>
        <us-gaap:Nothing contextRef="i" unitRef="usd" xsi:nil="true"/>
        <us-gaap:Loan><us-gaap:Debt contextRef="i" unitRef="usd" precision="4">+05</us-gaap:Debt></us-gaap:Loan>
        <us-gaap:Share contextRef="i" unitRef="usd"><numerator>1</numerator><denominator>3</denominator></us-gaap:Share>
        <context id="i"><entity><identifier scheme="http://www.sec.gov/CIK">0000320193</identifier></entity><period><instant>2024-09-28</instant></period></context>
        <context id="d"><entity><identifier scheme="http://www.sec.gov/CIK">0000320193</identifier><segment><xbrldi:explicitMember dimension="us-gaap:LegalEntityAxis">aapl:Sub</xbrldi:explicitMember><xbrldi:typedMember dimension="aapl:TypedAxis"><aapl:T>T 1</aapl:T></xbrldi:typedMember></segment></entity>
        <period><startDate>2024-01-01</startDate><endDate>2024-09-28</endDate></period></context>
        <unit id="usd"><measure>iso4217:USD</measure></unit>
        <unit id="eps"><divide><unitNumerator><measure>iso4217:USD</measure></unitNumerator><unitDenominator><measure>shares</measure></unitDenominator></divide></unit>
        <link:footnoteLink xlink:type="extended"><link:loc xlink:href="#f1" xlink:label="l1"/><link:footnoteArc xlink:from="l1" xlink:to="n1"/><link:footnote xlink:label="n1" xml:lang="en">See note A</link:footnote></link:footnoteLink>
        </xbrl>
        """;

    public static string Inline() => """
        <?xml version="1.0"?><!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:t="http://t">
        <body><div style="display:none"><ix:header><ix:hidden><ix:nonNumeric name="t:Type" contextRef="d">10-K
        </ix:nonNumeric></ix:hidden><ix:resources>
        <xbrli:context id="d"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity><xbrli:period><xbrli:startDate>2024-01-01</xbrli:startDate><xbrli:endDate>2024-12-31</xbrli:endDate></xbrli:period></xbrli:context>
        <xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit></ix:resources></ix:header></div>
        <p>Revenue $<ix:nonFraction name="t:Revenue" contextRef="d" unitRef="usd" decimals="-5" scale="6" format="ixt:num-dot-decimal">1,234.5</ix:nonFraction>
        (<ix:nonFraction name="t:Loss" contextRef="d" unitRef="usd" sign="-" format="ixt:num-comma-decimal">1.234,56</ix:nonFraction>)
        <ix:nonFraction name="t:Zero" contextRef="d" unitRef="usd" format="ixt:fixed-zero">-</ix:nonFraction>
        <ix:nonFraction name="t:Rate" contextRef="d" unitRef="usd" scale="-2">5.25</ix:nonFraction>%
        <ix:nonFraction name="t:Plain" contextRef="d" unitRef="usd" scale="0">99</ix:nonFraction>
        <ix:nonFraction name="t:Eight" contextRef="d" unitRef="usd" format="ixt-sec:numwordsen">eight</ix:nonFraction></p>
        <ix:nonNumeric name="t:Date" contextRef="d" format="ixt:date-monthname-day-year-en">December 31, 2024</ix:nonNumeric>
        <ix:nonNumeric name="t:YearEnd" contextRef="d" format="ixt:date-monthname-day-en">September 28</ix:nonNumeric>
        <ix:nonNumeric name="t:Unknown" contextRef="d" format="ixt:other">shown</ix:nonNumeric>
        <ix:nonNumeric name="t:Policy" contextRef="d" escape="true" continuedAt="c1"><p>Our <ix:exclude>page 7</ix:exclude>policy</p></ix:nonNumeric>
        <ix:nonNumeric name="t:Outer" contextRef="d">outer <ix:nonFraction name="t:Inner" contextRef="d" unitRef="usd">12</ix:nonFraction> inner</ix:nonNumeric>
        <ix:fraction name="t:Third" contextRef="d" unitRef="usd"><ix:numerator>1</ix:numerator> of <ix:denominator>3</ix:denominator></ix:fraction>
        <div><ix:continuation id="c1" continuedAt="c2"> &amp; more</ix:continuation><ix:continuation id="c2"><i>end</i></ix:continuation></div>
        </body></html>
        """;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
