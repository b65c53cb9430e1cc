using System.Text.RegularExpressions;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Messages and statements of finance that are neither XML nor JSON, to the version or the kind of message.</summary>
internal static partial class FinanceText
{
    public static Verdict? Find(TextSample text) =>
        Fix(text) ?? Swift(text) ?? X12(text) ?? Edifact(text) ?? OfxSgml(text) ?? Sec(text) ?? Others(text);

    /// <summary>A tag 8 with the version, and 9 or 35 behind it; messages may stand behind the time that a log gives them.</summary>
    static Verdict? Fix(TextSample text)
    {
        var near = text.Near;
        for (var (at, tries) = (0, 0); tries < 16 && near[at..].IndexOf("8=FIX"u8) is >= 0 and var found; tries++)
        {
            at += found;
            var message = near[at..];
            var version = TextSample.Until(message[2..], "\x01|^;\x02 "u8, 12);
            at += 5;
            if (version.Length == 0 || !FixVersion().IsMatch(version))
                continue;
            var next = message[(2 + version.Length)..];
            var separator = next.StartsWith("^A"u8) ? 2 : 1;
            if (!(next[separator..].StartsWith("9="u8) || next[separator..].StartsWith("35="u8)))
                continue;
            var begins = found == 0 || IsLineStart(near, at - 5);
            var words = next[0] == 1 ? "the separator SOH" : $"the separator '{Field.Text(next[..separator])}'";
            return new("fix", begins ? 1 : 0.92, $"has messages that begin with 8={version}, with {words}", version == "FIXT.1.1" ? FixApplication(near) ?? version : version);
        }

        return null;
    }

    static bool IsLineStart(ReadOnlySpan<byte> near, int at) => at == 0 || near[at - 1] is (byte)'\n' or (byte)'\r' or 1 || (at >= 2 && near[at - 2] is (byte)'\n');

    /// <summary>FIXT carries messages of a version that tag 1128 or 1137 names.</summary>
    static string? FixApplication(ReadOnlySpan<byte> near)
    {
        foreach (var tag in (ReadOnlySpan<string>)["1128=", "1137="])
        {
            if (near.IndexOf(System.Text.Encoding.ASCII.GetBytes(tag)) is >= 0 and var at && at + 5 < near.Length)
                return near[at + 5] switch { (byte)'7' => "FIX.5.0", (byte)'8' => "FIX.5.0SP1", (byte)'9' => "FIX.5.0SP2", (byte)'6' => "FIX.4.4", _ => null };
        }

        return null;
    }

    /// <summary>Blocks in braces, or the tagged lines of block 4 alone, as banks send statements.</summary>
    static Verdict? Swift(TextSample text)
    {
        var near = text.Near;
        if (near.StartsWith("{1:"u8) && (near.Length < 4 || near[3] is (byte)'F' or (byte)'A' or (byte)'L'))
        {
            var number = near.IndexOf("{2:"u8) is > 0 and var at && at + 7 < near.Length && near[at + 3] is (byte)'I' or (byte)'O' ? Field.Text(near.Slice(at + 4, 3)) : null;
            var isNumber = number is not null && number.All(char.IsAsciiDigit);
            return new("swift-mt", near.IndexOf("{4:"u8) > 0 ? 1 : 0.9, "starts with the basic header block of a SWIFT message", isNumber ? "MT" + number : null);
        }

        var (tags, others, first, seen) = (0, 0, -1, new HashSet<string>(StringComparer.Ordinal));
        var index = 0;
        var wanted = near.IndexOf(":20:"u8) >= 0 || near.IndexOf(":25:"u8) >= 0 || near.IndexOf(":60F:"u8) >= 0 || near.IndexOf(":61:"u8) >= 0 || near.IndexOf(":86:"u8) >= 0 || near.IndexOf(":62F:"u8) >= 0 || near.IndexOf(":62M:"u8) >= 0 || near.IndexOf(":64:"u8) >= 0 || near.IndexOf(":NS:"u8) >= 0;
        if (!wanted)
            return null;
        foreach (var line in text.Lines(60))
        {
            if (SwiftTag().Match(TextSample.Words(line)) is { Success: true } tag)
            {
                tags++;
                first = first < 0 ? index : first;
                seen.Add(tag.Groups[1].Value);
            }
            else if (line.Length > 0 && first < 0)
            {
                others++;
            }

            index++;
        }

        var isStatement = seen.Overlaps(["60F", "60M", "62F", "62M", "61", "25", "28C", "86", "34F", "64", "65", "NS"]);
        if (tags == 0 || !isStatement || others > 6)
            return null;
        var version = seen.Contains("34F") || seen.Contains("13D") ? "MT942" : seen.Overlaps(["60F", "60M", "62F", "62M", "61", "28C", "28", "64"]) ? "MT940" : null;
        if (version == "MT940" && Numbered().Match(Field.Text(near[..Math.Min(near.Length, 200)])) is { Success: true } said)
            version = "MT" + said.Groups[1].Value;
        return new("swift-mt", tags >= 3 && others <= 3 ? 1 : tags >= 2 ? 0.9 : 0.75, $"has lines with the tags {string.Join(", ", seen.Take(6).Select(t => $":{t}:"))} of a SWIFT statement", version);
    }

    /// <summary>The interchange header has fixed widths, so that its separators are at known places (X12.5, ISA).</summary>
    static Verdict? X12(TextSample text)
    {
        var near = text.Near;
        if (!near.StartsWith("ISA"u8) || near.Length < 106)
            return null;
        var separator = near[3];
        foreach (var at in (ReadOnlySpan<int>)[6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103])
        {
            if (near[at] != separator)
                return null;
        }

        var end = near[105];
        var rest = near[106..];
        var group = Segment(rest, "GS"u8, separator, end) is { Length: > 8 } g ? g[8] : "";
        var set = Segment(rest, "ST"u8, separator, end) is { Length: > 1 } s ? s[1] : "";
        var version = group.Length >= 6 ? group : Field.Text(near.Slice(84, 5));
        return new("x12", 1, "starts with the interchange header of X12, its separators in place", set.Length > 0 ? $"{set} {version}" : version);
    }

    static string[]? Segment(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, byte separator, byte end)
    {
        for (var rounds = 0; rounds < 40 && !text.IsEmpty; rounds++)
        {
            text = text.TrimStart("\r\n "u8);
            var stop = text.IndexOf(end);
            var segment = stop < 0 ? text : text[..stop];
            if (segment.StartsWith(name) && segment.Length > name.Length && segment[name.Length] == separator)
                return Field.Text(segment).Split((char)separator);
            if (stop < 0)
                break;
            text = text[(stop + 1)..];
        }

        return null;
    }

    /// <summary>The service string advice sets the separators; without it they are the standard's (ISO 9735).</summary>
    static Verdict? Edifact(TextSample text)
    {
        var near = text.Near;
        var (element, end) = ((byte)'+', (byte)'\'');
        if (near.StartsWith("UNA"u8) && near.Length > 12)
        {
            (element, end) = (near[4], near[8]);
            near = near[9..].TrimStart(" \r\n"u8);
        }

        if (near.Length < 8 || !(near.StartsWith("UNB"u8) || near.StartsWith("UNG"u8) || near.StartsWith("UNH"u8)) || near[3] != element)
            return null;
        var kind = Segment(near, "UNH"u8, element, end) is { Length: > 2 } header ? header[2].Split(':', '.', (char)0x1F) : [];
        var version = kind.Length >= 3 ? $"{kind[0]} {kind[1]}.{kind[2]}" : null;
        var syntax = Segment(near, "UNB"u8, element, end) is { Length: > 1 } interchange ? interchange[1] : "";
        return new("edifact", kind.Length >= 3 || syntax.StartsWith("UNO", StringComparison.Ordinal) ? 1 : 0.8, "starts with the segments of an EDIFACT interchange", version);
    }

    static Verdict? OfxSgml(TextSample text)
    {
        var near = text.Near;
        if (near.StartsWith("OFXHEADER:"u8))
        {
            var version = near.IndexOf("VERSION:"u8) is > 0 and var at ? TextSample.Until(near[(at + 8)..], "\r\n ADEFGHIJKLMNOPQRSTUVWXYZ"u8, 12) : "";
            return new("ofx", 1, "starts with the header of OFX in SGML", Dotted(version));
        }

        return (near.StartsWith("<OFX>"u8) || near.StartsWith("<ofx>"u8)) && near.IndexOf("SIGNONMSGSR"u8) > 0 ? new("ofx", 0.95, "has the elements of OFX without a header", "1") : null;
    }

    /// <summary><c>102</c> is 1.0.2.</summary>
    internal static string? Dotted(string version) => version.Length == 3 && version.All(char.IsAsciiDigit) ? $"{version[0]}.{version[1]}.{version[2]}" : version.Length > 0 ? version : null;

    /// <summary>EDGAR's wrapping of a filing (EDGAR Public Dissemination Service specification).</summary>
    static Verdict? Sec(TextSample text)
    {
        var near = text.Near;
        if (near.StartsWith("-----BEGIN PRIVACY-ENHANCED MESSAGE-----"u8) && near.IndexOf("<SEC-DOCUMENT>"u8) > 0 || near.StartsWith("<SEC-DOCUMENT>"u8) || near.StartsWith("<SEC-HEADER>"u8)
            || near.StartsWith("<IMS-DOCUMENT>"u8) || (near.StartsWith("<SUBMISSION>"u8) && near.IndexOf("<ACCESSION-NUMBER>"u8) > 0) || near.StartsWith("<ACCEPTANCE-DATETIME>"u8))
        {
            var form = near.IndexOf("CONFORMED SUBMISSION TYPE:"u8) is > 0 and var at ? TextSample.Until(near[(at + 26)..], "\r\n"u8, 60).Replace('?', ' ').Trim()
                : near.IndexOf("<TYPE>"u8) is > 0 and var type ? TextSample.Until(near[(type + 6)..], "\r\n<"u8, 30).Trim() : "";
            return new("sec-submission", 1, "starts with the header of an EDGAR submission", form.Length > 0 ? form : null);
        }

        return null;
    }

    static Verdict? Others(TextSample text)
    {
        var near = text.Near;
        if (near.StartsWith("MSH|^~\\&"u8))
            return new("hl7", 1, "starts with the header segment of an HL7 message", "2");
        if (near.StartsWith("!Type:"u8) || near.StartsWith("!Account"u8) || near.StartsWith("!Option:"u8))
            return new("qif", 1, "starts with the header of QIF", TextSample.Until(near[1..], "\r\n"u8, 40));
        if (near.StartsWith("01,"u8) && near.IndexOf("\n02,"u8) is > 0 and < 200 && near.IndexOf("/"u8) > 0 && near.IndexOf("\n03,"u8) > 0)
            return new("bai2", 0.95, "starts with the records 01, 02 and 03 of BAI2", "2");
        if (near.StartsWith("101 "u8) && near.IndexOfAny("\r\n"u8) == 94 && near[94..].TrimStart("\r\n"u8) is [(byte)'5', ..])
            return new("nacha", 0.95, "starts with the records of an ACH file, 94 characters each");
        if (near.StartsWith("\"EXTF\""u8) || near.StartsWith("EXTF;"u8))
            return new("csv", 0.9, "starts with the header of a DATEV file", "DATEV");
        return null;
    }

    [GeneratedRegex(@"^FIXT?\.[1-9]\.\d(SP\d)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FixVersion();

    [GeneratedRegex(@"^:?(?:\{4:)?:(\d\d[A-Z]?|NS):", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SwiftTag();

    [GeneratedRegex(@"(?:^|[^\d:])(94[0-2])(?:[^\d:]|:\?|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Numbered();
}
