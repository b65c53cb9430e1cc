using System.Globalization;

namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>Messages, statements and markup, which the recogniser knows by their marks; the classifier knows them too, so that it never takes them for something else.</summary>
internal static class MessageSamples
{
    static string Value(Draft d) => d.Pick($"\"{d.Phrase()}\"", d.Number(), "true", "null", $"\"{d.Date()}\"", $"[{d.Whole(0, 9)}, {d.Whole(0, 9)}]", $"{{\"{d.Thing()}\": {d.Whole(0, 99)}}}");

    public static string Json(Draft d)
    {
        var members = () => string.Join(",\n    ", d.Many(2, 8, () => $"\"{d.Identifier()}\": {Value(d)}"));
        return d.Chance(0.5) ? $"{{\n    {members()}\n}}\n" : $"[\n{string.Join(",\n", d.Many(1, 12, () => $"  {{\n    {members()}\n  }}"))}\n]\n";
    }

    public static string Ndjson(Draft d)
    {
        var keys = d.Many(2, 7, d.Identifier);
        return d.Lines(2, 30, () => "{" + string.Join(d.Pick(",", ", "), keys.Select(k => $"\"{k}\":{Value(d)}")) + "}");
    }

    public static string Xml(Draft d)
    {
        var (root, record) = (d.Identifier(), d.Identifier());
        return (d.Chance(0.7) ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "") + $"<{root}{d.Pick("", $" xmlns=\"http://{d.Thing()}.example/{d.Thing()}\"")}>\n{string.Concat(d.Many(1, 15, () => $"  <{record} {d.Thing()}=\"{d.Number()}\">\n    <{d.Identifier()}>{d.Phrase()}</{d.Identifier()}>\n    <{d.Thing()}>{d.Number()}</{d.Thing()}>\n  </{record}>\n"))}</{root}>\n";
    }

    public static string Html(Draft d) => d.Pick("<!DOCTYPE html>\n", "", "<!-- saved -->\n") + $"<html>\n<head><title>{d.Phrase()}</title><meta charset=\"utf-8\"></head>\n<body class=\"{d.Thing()}\">\n{string.Concat(d.Many(1, 10, () => d.Pick($"<p>{d.Sentence()}</p>\n", $"<h1>{d.Phrase()}</h1>\n", $"<div id=\"{d.Thing()}\"><a href=\"https://{d.Thing()}.example\">{d.Phrase()}</a></div>\n", $"<table><tr><td>{d.Number()}</td><td>{d.Word()}</td></tr></table>\n", $"<ul><li>{d.Phrase()}</li></ul><br>\n", $"<script>var x = {d.Whole(0, 9)};</script>\n")))}</body>\n</html>\n";

    public static string Rtf(Draft d) => $"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\n{string.Concat(d.Many(1, 9, () => $"\\pard\\f0\\fs{d.Whole(16, 40)} {d.Sentence()}\\par\n"))}}}\n";

    public static string Fix(Draft d)
    {
        var separator = d.Pick("\u0001", "\u0001", "|");
        return d.Lines(1, 20, () => d.Pick("", "", $"{d.Moment():yyyyMMdd-HH:mm:ss.fff} : ") + string.Join(separator, (string[])[$"8={d.Pick("FIX.4.0", "FIX.4.2", "FIX.4.4", "FIXT.1.1")}", $"9={d.Whole(50, 400)}", $"35={d.Pick("A", "0", "D", "8", "W", "5", "F")}", $"34={d.Whole(1, 9999)}", $"49={d.Letters(4)}", $"56={d.Letters(5)}", $"52={d.Moment():yyyyMMdd-HH:mm:ss}", .. d.Many(0, 8, () => $"{d.Pick(11, 55, 54, 38, 44, 40, 59, 150, 39, 58)}={d.Pick(d.Ticker(), d.Number(), d.Letters(1))}"), $"10={d.Digits(3)}", ""]));
    }

    public static string Swift(Draft d)
    {
        var body = $":20:{d.Letters(3)}{d.Digits(8)}\n:25:{d.Digits(8)}/{d.Digits(10)}\n:28C:{d.Whole(1, 300)}/1\n:60F:C{d.Moment():yyMMdd}{d.Currency()}{d.Whole(0, 99999)},{d.Digits(2)}\n" + string.Concat(d.Many(0, 10, () => $":61:{d.Moment():yyMMdd}{d.Moment():MMdd}{d.Pick("C", "D")}{d.Whole(1, 9999)},{d.Digits(2)}NTRF{d.Pick("NONREF", d.Digits(8))}\n:86:{d.Pick(d.Phrase(2, 8), $"{d.Digits(3)}?00{d.Phrase(1, 2)}?20{d.Phrase()}?32{d.Person()}")}\n")) + $":62F:C{d.Moment():yyMMdd}{d.Currency()}{d.Whole(0, 99999)},{d.Digits(2)}\n";
        return d.Chance(0.4) ? $"{{1:F01{d.Letters(8)}AXXX{d.Digits(10)}}}{{2:{d.Pick("I", "O")}{d.Pick("940", "942", "103", "535")}{d.Letters(8)}XXXXN}}{{4:\n{body}-}}\n" : body + d.Pick("-\n", "");
    }

    public static string X12(Draft d) => string.Join(d.Pick("~\n", "~"), (string[])[$"ISA*00*          *00*          *ZZ*{d.Letters(8),-15}*ZZ*{d.Letters(8),-15}*{d.Moment():yyMMdd}*{d.Moment():HHmm}*U*00401*{d.Digits(9)}*0*P*>", $"GS*PO*{d.Letters(6)}*{d.Letters(6)}*{d.Moment():yyyyMMdd}*{d.Moment():HHmm}*1*X*004010", $"ST*{d.Pick(810, 850, 820, 835)}*0001", .. d.Many(2, 20, () => $"{d.Pick("N1", "PO1", "REF", "DTM", "IT1", "BEG", "CTT")}*{d.Pick("ST", "1", "00")}*{d.Pick(d.Phrase(), d.Number())}*{d.Digits(4)}"), "SE*10*0001", "GE*1*1", "IEA*1*000000001", ""]);

    public static string Edifact(Draft d) => d.Pick("UNA:+.? '\n", "") + string.Join(d.Pick("'\n", "'"), (string[])[$"UNB+UNOA:{d.Whole(1, 4)}+{d.Letters(8)}+{d.Letters(8)}+{d.Moment():yyMMdd}:{d.Moment():HHmm}+{d.Digits(6)}", $"UNH+1+{d.Pick("ORDERS", "INVOIC", "PAXLST", "FINSTA", "PAYMUL")}:D:{d.Pick("96A", "01B", "98B")}:UN", .. d.Many(3, 20, () => $"{d.Pick("NAD", "LIN", "DTM", "MOA", "BGM", "QTY", "RFF")}+{d.Pick("BY", "137", "1", "21")}{d.Pick(":", "+")}{d.Pick(d.Digits(8), d.Phrase(), d.Number())}"), "UNT+9+1", "UNZ+1+1", ""]);

    public static string OfxSgml(Draft d) => $"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\n\n<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{d.Moment():yyyyMMddHHmmss}<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>\n{string.Concat(d.Many(1, 10, () => $"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>{d.Moment():yyyyMMdd}\n<TRNAMT>{d.Number()}\n<FITID>{d.Digits(9)}\n<NAME>{d.Phrase()}\n</STMTTRN>\n"))}</OFX>\n";

    public static string Sec(Draft d) => $"<SEC-DOCUMENT>{d.Digits(10)}-{d.Digits(2)}-{d.Digits(6)}.txt : {d.Moment():yyyyMMdd}\n<SEC-HEADER>{d.Digits(10)}.hdr.sgml : {d.Moment():yyyyMMdd}\nACCESSION NUMBER:\t\t{d.Digits(18)}\nCONFORMED SUBMISSION TYPE:\t{d.Pick("10-K", "4", "8-K", "13F-HR")}\nFILED AS OF DATE:\t\t{d.Moment():yyyyMMdd}\n\nREPORTING-OWNER:\n\n\tOWNER DATA:\n\t\tCOMPANY CONFORMED NAME:\t\t\t{d.Person()}\n\t\tCENTRAL INDEX KEY:\t\t\t{d.Digits(10)}\n</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n{d.Paragraph()}\n</TEXT>\n</DOCUMENT>\n";

    public static string Mail(Draft d) => string.Concat(d.Many(0, 3, () => $"Received: from {d.Thing()}.example by {d.Thing()}.example; {d.Moment().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000\n")) + $"From: {d.Person()} <{d.Name()}@{d.Thing()}.example>\nTo: {d.Name()}@{d.Thing()}.example\nSubject: {d.Phrase()}\nDate: {d.Moment().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{d.Paragraph()}\n";

    public static string Calendar(Draft d) => $"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//{d.Thing()}//EN\n{string.Concat(d.Many(1, 6, () => $"BEGIN:VEVENT\nUID:{d.Digits(8)}@{d.Thing()}.example\nDTSTART:{d.Moment():yyyyMMdd'T'HHmmss'Z'}\nSUMMARY:{d.Phrase()}\nEND:VEVENT\n"))}END:VCALENDAR\n";

    public static string Card(Draft d) => string.Concat(d.Many(1, 5, () => $"BEGIN:VCARD\nVERSION:{d.Pick("2.1", "3.0", "4.0")}\nFN:{d.Person()}\nN:{d.Name()};{d.Name()};;;\nEMAIL;TYPE=INTERNET:{d.Name()}@{d.Thing()}.example\nTEL;TYPE=WORK:+{d.Digits(9)}\nEND:VCARD\n"));

    public static string Subtitles(Draft d)
    {
        var number = 0;
        return string.Concat(d.Many(1, 14, () => $"{++number}\n00:{d.Digits(2)}:{d.Digits(2)},{d.Digits(3)} --> 00:{d.Digits(2)}:{d.Digits(2)},{d.Digits(3)}\n{d.Sentence(2, 8)}\n\n"));
    }

    public static string Differences(Draft d) => $"diff --git a/{d.Thing()}.txt b/{d.Thing()}.txt\nindex {d.Digits(7)}..{d.Digits(7)} 100644\n--- a/{d.Thing()}.txt\n+++ b/{d.Thing()}.txt\n@@ -{d.Whole(1, 99)},{d.Whole(1, 9)} +{d.Whole(1, 99)},{d.Whole(1, 9)} @@\n{string.Concat(d.Many(3, 15, () => $"{d.Pick(" ", "+", "-", " ")}{d.Sentence(2, 8)}\n"))}";

    public static string Qif(Draft d) => $"!Type:{d.Pick("Bank", "CCard", "Invst", "Cash")}\n{string.Concat(d.Many(1, 14, () => $"D{d.Moment():MM/dd/yyyy}\nT{d.Number()}\nP{d.Person()}\nL{d.Thing()}\n^\n"))}";
}
