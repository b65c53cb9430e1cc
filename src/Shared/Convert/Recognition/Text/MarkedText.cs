using System.Text.RegularExpressions;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Texts that begin with a word of their own, or with lines of a form that nothing else has.</summary>
internal static partial class MarkedText
{
    const int LinesBeforeSubtitle = 12;

    /// <summary>Words at the start, the format, and whether a line ends right behind the word.</summary>
    static readonly (string Word, string Format, string? Version)[] Words =
    [
        ("BEGIN:VCALENDAR", "ics", null),
        ("BEGIN:VCARD", "vcf", null),
        ("BEGIN:VNOTE", "vnt", null),
        ("WEBVTT", "vtt", null),
        ("#EXTM3U", "m3u", null),
        ("[playlist]", "pls", null),
        ("-----BEGIN PGP ", "pgp", null),
        ("-----BEGIN CERTIFICATE-----", "pem", null),
        ("-----BEGIN RSA PRIVATE KEY-----", "pem", null),
        ("-----BEGIN PRIVATE KEY-----", "pem", null),
        ("-----BEGIN PUBLIC KEY-----", "pem", null),
        ("-----BEGIN EC PRIVATE KEY-----", "pem", null),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "pem", null),
        ("ssh-rsa AAAA", "ssh-key", null),
        ("ssh-ed25519 AAAA", "ssh-key", null),
        ("%YAML 1.", "yaml", null),
        ("Windows Registry Editor Version 5", "reg", null),
        ("REGEDIT4", "reg", null),
        ("[InternetShortcut]", "url", null),
        ("ID;P", "sylk", null),
        ("TABLE\r\n0,1", "dif", null),
        ("TABLE\n0,1", "dif", null),
        ("#FIG 3", "fig", null),
        ("/* XPM */", "xpm", null),
        ("ply\nformat", "ply", null),
        ("# vtk DataFile", "vtk", null),
        ("ISO-10303-21;", "step", null),
        ("* Wavefront", "obj", null),
        ("@relation", "arff", null),
        ("@RELATION", "arff", null),
        ("EUPWFONT", "fon", null),
        ("StartFontMetrics", "afm", null),
        ("STARTFONT 2", "bdf", null),
        ("d8:announce", "torrent", null),
        ("From MAILER-DAEMON", "mbox", null),
        ("[ver]\r\n", "sam", null),
        ("[ver]\n", "sam", null),
        ("#Software: Microsoft Internet Information", "log", "IIS W3C"),
        ("#Version: 1.0\r\n", "log", "W3C extended"),
        ("#Version: 1.0\n", "log", "W3C extended"),
        ("AutoCAD Binary DXF", "dxf", "binary"),
        ("TZif", "tzif", null),
        ("START-OF-FILE\r\n", "bloomberg-reply", null),
        ("START-OF-FILE\n", "bloomberg-reply", null),
        ("begin 644 ", "uuencode", null),
        ("begin 666 ", "uuencode", null),
        ("(This file must be converted with BinHex", "hqx", null),
        ("{\\rtf", "rtf", null),
        ("ProjectTemplate", "project", null),
        ("Microsoft Visual Studio Solution File", "sln", null),
        ("<SMILES", "smiles", null),
    ];

    static readonly Dictionary<string, string> Interpreters = new(StringComparer.Ordinal)
    {
        ["sh"] = "shell",
        ["bash"] = "shell",
        ["zsh"] = "shell",
        ["ksh"] = "shell",
        ["dash"] = "shell",
        ["python"] = "python",
        ["python3"] = "python",
        ["python2"] = "python",
        ["perl"] = "perl",
        ["ruby"] = "ruby",
        ["node"] = "javascript",
        ["php"] = "php",
        ["lua"] = "lua",
        ["Rscript"] = "r",
        ["awk"] = "awk",
        ["gawk"] = "awk",
        ["tclsh"] = "tcl",
        ["groovy"] = "groovy",
        ["env"] = "shell",
        ["sed"] = "sed",
        ["make"] = "makefile",
    };

    static readonly HashSet<string> MailNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "Received", "MIME-Version", "Content-Type", "Return-Path", "Delivered-To", "Reply-To", "X-Mailer", "Content-Transfer-Encoding", "Sender", "DKIM-Signature", "X-Received",
        "Authentication-Results", "ARC-Seal", "Content-Class", "Thread-Topic", "Thread-Index", "Importance", "X-Priority", "In-Reply-To", "References", "List-Id", "Errors-To", "Envelope-to", "Newsgroups", "Path", "Lines", "Organization", "Status", "X-Apparently-To",
    };

    public static Verdict? Find(TextSample text)
    {
        var start = text.Start;
        foreach (var (word, format, version) in Words)
        {
            if (word[0] == start[0] && StartsWith(start, word))
                return new(format, word.Length >= 8 ? 1 : 0.9, $"starts with '{word.TrimEnd()}'", version);
        }

        if (start.StartsWith("#!"u8) && Interpreter(start) is { } script)
            return script;
        return Subtitles(text) ?? Mail(text) ?? Differences.Find(text);
    }

    static bool StartsWith(ReadOnlySpan<byte> text, string word)
    {
        if (text.Length < word.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if (text[i] != word[i])
                return false;
        }

        return true;
    }

    static Verdict? Interpreter(ReadOnlySpan<byte> start)
    {
        var line = TextSample.Until(start[2..], "\r\n"u8, 200);
        var words = (line.Length > 0 ? line : Field.Text(start[2..Math.Min(start.Length, 100)])).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || words[0][0] != '/')
            return null;
        var name = words[0][(words[0].LastIndexOf('/') + 1)..];
        if (name == "env" && words.Length > 1)
            name = words.Skip(1).FirstOrDefault(w => !w.StartsWith('-') && !w.Contains('=', StringComparison.Ordinal)) ?? name;
        name = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        return Interpreters.TryGetValue(name, out var language) ? new(language, 1, $"names its interpreter, {name}") : new("script", 0.8, "names its interpreter");
    }

    /// <summary>A number, a time from and to, and words. Something else may stand before the first.</summary>
    static Verdict? Subtitles(TextSample text)
    {
        if (text.Near.IndexOf(" --> "u8) < 0)
            return null;
        var lines = text.Lines(LinesBeforeSubtitle).Select(TextSample.Words).ToList();
        var at = lines.FindIndex(l => SubtitleTime().IsMatch(l));
        if (at < 0)
            return null;
        return at == 1 && int.TryParse(lines[0].Trim(), out _) ? new("srt", 1, "starts with a numbered subtitle and its times") : new("srt", 0.9, "has the times of a subtitle near its start");
    }

    /// <summary>Header fields that mail has, up to an empty line (RFC 5322, 2.1).</summary>
    static Verdict? Mail(TextSample text)
    {
        var start = text.Start;
        var isBox = start.StartsWith("From "u8) && BoxLine().IsMatch(TextSample.Until(start, "\r\n"u8, 200));
        if (!char.IsAsciiLetter((char)start[0]) || (!isBox && start[..Math.Min(80, start.Length)].IndexOf((byte)':') < 0))
            return null;
        var (known, others, isHtml, isRelated, isSaved) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), 0, false, false, false);
        var index = 0;
        foreach (var line in text.Lines(120))
        {
            if (index++ == 0 && isBox)
                continue;
            var words = TextSample.Words(line);
            // Copies may have lost lines, or got empty ones between the fields.
            if (words.Length == 0 && known.Count < 2)
                continue;
            if (words.Length == 0)
                break;
            if (words[0] is ' ' or '\t')
            {
                isRelated |= words.Contains("multipart/related", StringComparison.OrdinalIgnoreCase);
                continue;
            }

            var colon = words.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !words.AsSpan(0, colon).ContainsOnlyNameCharacters())
            {
                if (known.Count < 2)
                    return null;
                break;
            }

            var name = words[..colon];
            if (MailNames.Contains(name))
                known.Add(name);
            else if (!name.StartsWith("X-", StringComparison.OrdinalIgnoreCase))
                others++;
            isRelated |= words.Contains("multipart/related", StringComparison.OrdinalIgnoreCase);
            isHtml |= words.Contains("text/html", StringComparison.OrdinalIgnoreCase);
            isSaved |= name.Equals("Snapshot-Content-Location", StringComparison.OrdinalIgnoreCase) || (name == "From" && words.Contains("<Saved by", StringComparison.OrdinalIgnoreCase));
        }

        var isMime = known.Contains("MIME-Version") && known.Contains("Content-Type");
        var isMail = known.Count >= 3 || (known.Count >= 2 && others == 0 && (known.Contains("From") || known.Contains("Received") || isMime));
        if (!isMail)
            return null;
        if (isBox)
            return new("mbox", 1, "starts with the line and header of a message in a mailbox");
        var wasSent = known.Contains("Received") || known.Contains("To") || known.Contains("Message-ID") || known.Contains("Delivered-To");
        return isSaved || (isRelated && isMime && !wasSent) || (isHtml && isMime && !wasSent && !known.Contains("From"))
            ? new("mht", 0.95, "starts with the header of a saved web page")
            : new("eml", known.Count >= 3 ? 1 : 0.9, $"starts with the header fields {string.Join(", ", known.Take(4))} of a message");
    }

    static bool ContainsOnlyNameCharacters(this ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }

        return true;
    }

    [GeneratedRegex(@"^\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SubtitleTime();

    [GeneratedRegex(@"^From \S+ .*\d{4}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BoxLine();
}
