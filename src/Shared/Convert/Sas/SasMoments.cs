using System.Collections.Frozen;

namespace DataIngestion.Conversion.Sas;

/// <summary>What the numbers of a variable are, by its format.</summary>
internal enum SasMoment
{
    /// <summary>Numbers.</summary>
    None,

    /// <summary>Days since 1960-01-01.</summary>
    Date,

    /// <summary>Seconds since 1960-01-01T00:00.</summary>
    DateTime,

    /// <summary>Seconds since midnight.</summary>
    Time,
}

/// <summary>The formats of SAS that show dates and times (SAS Formats and Informats: Reference, by category), and their national variants.</summary>
internal static class SasMoments
{
    static readonly FrozenDictionary<string, SasMoment> ByFormat = new (SasMoment Moment, string Names)[]
    {
        (SasMoment.Date, """
            DATE DAY DDMMYY DDMMYYB DDMMYYC DDMMYYD DDMMYYN DDMMYYP DDMMYYS MMDDYY MMDDYYB MMDDYYC MMDDYYD MMDDYYN MMDDYYP MMDDYYS YYMMDD YYMMDDB YYMMDDC YYMMDDD YYMMDDN YYMMDDP YYMMDDS
            MMYY MMYYC MMYYD MMYYN MMYYP MMYYS YYMM YYMMC YYMMD YYMMN YYMMP YYMMS YYQ YYQC YYQD YYQN YYQP YYQS YYQR YYQRC YYQRD YYQRN YYQRP YYQRS YYQZ JULIAN JULDAY MONTH YEAR MONYY YYMON B8601DA E8601DA
            MONNAME WEEKDATE WEEKDATX WEEKDAY WEEKU WEEKV WEEKW DOWNAME WORDDATE WORDDATX QTR QTRR PDJULG PDJULI MINGUO NENGO HDATE HEBDATE
            NLDATE NLDATEL NLDATEM NLDATEMD NLDATEMDL NLDATEMDM NLDATEMDS NLDATEMN NLDATES NLDATEW NLDATEWN NLDATEYM NLDATEYML NLDATEYMM NLDATEYMS NLDATEYQ NLDATEYQL NLDATEYQM NLDATEYQS NLDATEYR NLDATEYW
            EURDFDD EURDFDE EURDFDN EURDFDWN EURDFMN EURDFMY EURDFWDX EURDFWKX
            """),
        (SasMoment.DateTime, """
            DATETIME B8601DN B8601DT B8601DX B8601DZ B8601LX E8601DN E8601DT E8601DX E8601DZ E8601LX DATEAMPM DTDATE DTMONYY DTWKDATX DTYEAR DTYYQC MDYAMPM YMDDTTM
            NLDATM NLDATMAP NLDATMDT NLDATML NLDATMM NLDATMMD NLDATMMDL NLDATMMDM NLDATMMDS NLDATMMN NLDATMS NLDATMTM NLDATMTZ NLDATMW NLDATMWN NLDATMWZ NLDATMYM NLDATMYML NLDATMYMM NLDATMYMS NLDATMYQ NLDATMYR NLDATMYW NLDATMZ EURDFDT
            """),
        (SasMoment.Time, "TIME HHMM HOUR MMSS TIMEAMPM TOD B8601TM B8601TX B8601TZ B8601LZ E8601TM E8601TX E8601TZ E8601LZ NLTIME NLTIMAP"),
    }
        .SelectMany(g => g.Names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(n => (Name: n, g.Moment)))
        .ToFrozenDictionary(n => n.Name, n => n.Moment, StringComparer.OrdinalIgnoreCase);

    /// <param name="format">With or without width and decimals: <c>DATE9.</c>, <c>DATETIME22.3</c>.</param>
    public static SasMoment Of(string format) => ByFormat.GetValueOrDefault(format.TrimEnd('.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ' '));
}
