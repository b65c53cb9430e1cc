using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>The patterns that have a name, and the choice among them.</summary>
internal static class LogPatterns
{
    /// <summary>How many of the lines that begin a record a pattern must explain to be chosen.</summary>
    const double Enough = 0.6;

    /// <summary>So many, and no later pattern is looked at.</summary>
    const double Nearly = 0.9;

    /// <summary>In the order in which they are tried: one that explains a line with more fields comes first.</summary>
    static readonly (string Name, Func<LogPattern> Create)[] Known =
    [
        ("iis-w3c", () => new W3cPattern()),
        ("apache-combined", () => new RegexPattern("apache-combined", """^(?<host>\S+) (?<ident>\S+) (?<user>\S+|"[^"]*") \[(?<time>[^\]]+)\] "(?<request>([^"\\]|\\.)*)" (?<status>\d{3}|-) (?<bytes>\d+|-) "(?<referer>([^"\\]|\\.)*)" "(?<user_agent>([^"\\]|\\.)*)"\s*$""")),
        ("apache-common", () => new RegexPattern("apache-common", """^(?<host>\S+) (?<ident>\S+) (?<user>\S+|"[^"]*") \[(?<time>[^\]]+)\] "(?<request>([^"\\]|\\.)*)" (?<status>\d{3}|-) (?<bytes>\d+|-)\s*$""")),
        ("syslog-rfc5424", () => new RegexPattern("syslog-rfc5424", """^<(?<priority>\d{1,3})>(?<version>[1-9]\d?) (?<time>-|\d{4}-\d\d-\d\dT\S+) (?<host>\S+) (?<app>\S+) (?<process>\S+) (?<message_id>\S+) (?<data>-|(\[([^\]\\]|\\.)*\])+)( (?<message>.*))?$""")),
        ("syslog-rfc3164", () => new RegexPattern("syslog-rfc3164", """^(<(?<priority>\d{1,3})>)?(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?<host>\S+) (?<tag>[^:\[\s]+)(\[(?<process>[^\]]*)\])?: ?(?<message>.*)$""")),
        ("level", () => new RegexPattern("level", """^\[?(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?( ?(Z|[+-]\d\d:?\d\d))?)\]?[ \t]+(\[(?<thread>[^\]]*)\][ \t]+)?\[?(?<level>TRACE|DEBUG|INFO|INFORMATION|WARN|WARNING|ERROR|FATAL|CRITICAL|VRB|DBG|INF|WRN|ERR|FTL)\]?:?[ \t]+(?<message>.*)$""")),
        ("logfmt", () => new LogfmtPattern()),
        ("time", () => new RegexPattern("time", """^\[?(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?( ?(Z|[+-]\d\d:?\d\d))?)\]?:?[ \t]+(?<message>.*)$""")),
    ];

    /// <summary>The names that the option may have, beside a regular expression.</summary>
    public static IEnumerable<string> Names => Known.Select(k => k.Name);

    /// <summary>The pattern that the option names or is.</summary>
    public static LogPattern Of(string option, FormatOptionValues options)
    {
        if (Array.Find(Known, k => k.Name == option).Create is { } create)
            return create();
        try
        {
            return new RegexPattern("the pattern given", option);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw options.Wrong("pattern", $"one of {string.Join(", ", Names)}, or a regular expression with named groups and without look-around and back references", option);
        }
    }

    /// <summary>The one that explains most lines, if it explains enough of them.</summary>
    public static LogPattern Choose(IReadOnlyList<string> lines)
    {
        var begin = lines.Where(l => l.Length > 0 && !LogReader.Continues(l)).ToList();
        Func<LogPattern>? best = null;
        var most = 0.0;
        foreach (var known in Known)
        {
            var share = Share(known.Create(), begin);
            if (share > most)
                (best, most) = (known.Create, share);
            if (most >= Nearly)
                break;
        }

        return best is not null && most >= Enough
            ? best()
            : throw new ConversionException($"The lines are written in none of the known patterns ({string.Join(", ", Names)}). Give theirs by the option 'pattern': a regular expression with named groups.");
    }

    static double Share(LogPattern pattern, List<string> lines)
    {
        var (names, cells) = (new ColumnNames(int.MaxValue), new RowCells());
        pattern.Begin(names);
        var (explained, hasRecord) = (0, false);
        foreach (var line in lines)
        {
            var kind = pattern.Read(line, names, cells);
            explained += kind == LineKind.Other ? 0 : 1;
            hasRecord |= kind == LineKind.Record || line.StartsWith("#Fields:", StringComparison.OrdinalIgnoreCase);
            cells.Clear();
        }

        // A single pair in a sentence is no logfmt.
        var isThin = pattern is LogfmtPattern && names.Count < 2;
        return hasRecord && !isThin ? (double)explained / lines.Count : 0;
    }
}
