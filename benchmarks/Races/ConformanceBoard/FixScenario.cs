using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>A message of a QuickFIX acceptance scenario.</summary>
/// <param name="Text">As it goes over the wire.</param>
/// <param name="Rules">The rules one of which it is expected to break; empty where it is valid as far as that does not depend on the session.</param>
/// <param name="Tag">The field that is expected to be named; 0 for none.</param>
/// <param name="IsLenient">Whether the session is one without validation.</param>
internal sealed record FixScenarioMessage(string Text, IReadOnlyList<string> Rules, int Tag, bool IsLenient);

/// <summary>
/// Reads the scenarios: lines <c>I</c> are sent to the engine, lines <c>E</c> are its expected answers, of which a Reject (35=3) says what is wrong with the message
/// sent before. What only the session knows (sequence numbers, clocks, who is connected) is no verdict on a message.
/// </summary>
internal static partial class FixScenario
{
    static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["Value is incorrect (out of range) for this tag"] = "value",
        ["Required tag missing"] = "required-tag",
        ["Tag specified out of required order"] = "tag-order",
        ["Incorrect data format for value"] = "data-format",
        ["Tag specified without a value"] = "empty-value",
        ["Tag not defined for this message type"] = "tag-not-in-message",
        ["Invalid tag number"] = "unknown-tag",
        ["Incorrect NumInGroup count for repeating group"] = "group-count",
    };

    /// <summary>Scenarios whose answer is to hang up, and what is wrong with their message.</summary>
    static readonly Dictionary<string, (string Rule, int Tag)> Disconnects = new(StringComparer.Ordinal)
    {
        ["1d_InvalidLogonWrongBeginString"] = ("version", 8),
        ["1d_InvalidLogonNoDefaultApplVerID"] = ("required-tag", 1137),
    };

    /// <summary>A scenario in which a value is wrong only because of the number that the session expects next.</summary>
    const string OfSession = "11c_NewSeqNoLess";

    public static IReadOnlyList<FixScenarioMessage> Read(string path)
    {
        var lines = File.ReadAllText(path, Encoding.Latin1).Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        var messages = new List<FixScenarioMessage>();
        var (comment, isLenient) = ("", false);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith('#'))
                (comment, isLenient) = (lines[i], isLenient || lines[i].Contains("validation disabled", StringComparison.Ordinal));
            if (Message().Match(lines[i]) is not { Success: true } match)
                continue;
            var (text, isSent) = (match.Groups["text"].Value, lines[i][0] == 'I');
            var isGarbled = isSent && comment.Contains("arbled", StringComparison.Ordinal);
            var (rules, tag) = isGarbled ? (["garbled", "body-length", "checksum"], 0)
                : isSent && Disconnects.TryGetValue(Path.GetFileNameWithoutExtension(path), out var known) ? ((IReadOnlyList<string>)[known.Rule], known.Tag)
                : isSent && Path.GetFileNameWithoutExtension(path) != OfSession ? Verdict(lines, i, Field(text, 34)) : ([], 0);
            messages.Add(new(isGarbled ? Timed(text) : Complete(isSent ? Timed(text) : Clocked(Timed(text))), rules, tag, isLenient));
            comment = "";
        }

        return messages;
    }

    /// <summary>What the engine answers to the message of a line before anything else is sent.</summary>
    static (IReadOnlyList<string> Rules, int Tag) Verdict(List<string> lines, int sent, string? number)
    {
        for (var i = sent + 1; i < lines.Count && (lines[i].Length == 0 || lines[i][0] is 'E' or '#'); i++)
        {
            var text = Message().Match(lines[i]).Groups["text"].Value;
            if (Field(text, 35) != "3" || Field(text, 45) != number)
                continue;
            var reason = Reason().Match(Field(text, 58) ?? "");
            if (!Rules.TryGetValue(reason.Groups["reason"].Value, out var rule))
                return ([], 0);
            var tag = Field(text, 371) ?? reason.Groups["tag"].Value;
            return ([rule], tag.Length > 0 ? int.Parse(tag, CultureInfo.InvariantCulture) : 0);
        }

        return ([], 0);
    }

    static string? Field(string text, int tag) =>
        text.Split('\u0001').Select(f => f.Split('=', 2)).FirstOrDefault(f => f.Length == 2 && f[0] == tag.ToString(CultureInfo.InvariantCulture))?[1];

    /// <summary>Placeholders of times become a time.</summary>
    static string Timed(string text) => Time().Replace(text, "20241231-12:00:00").Replace("00000000-00:00:00", "20241231-12:00:00", StringComparison.Ordinal);

    /// <summary>The engine's own times have milliseconds from FIX 4.2 on, which its lengths count; placeholders of some scenarios differ.</summary>
    static string Clocked(string text) =>
        Clock().Replace(text, text.StartsWith("8=FIX.4.0", StringComparison.Ordinal) || text.StartsWith("8=FIX.4.1", StringComparison.Ordinal) ? "${field}" : "${field}.000");

    [GeneratedRegex("(?<field>\u0001(52|122)=[0-9]{8}-[0-9:]{8})(\\.[0-9]{3})?(?=\u0001)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Clock();

    /// <summary>Adds the length where the scenario leaves it out, and the checksum in any case: scenarios have placeholders there.</summary>
    static string Complete(string text)
    {
        text = CheckSum().Replace(text, "");
        if (Field(text, 9) is null)
        {
            var body = text.IndexOf('\u0001') + 1;
            text = $"{text[..body]}9={text.Length - body}\u0001{text[body..]}";
        }

        return $"{text}10={Encoding.Latin1.GetBytes(text).Sum(b => b) % 256:000}\u0001";
    }

    [GeneratedRegex("^[IE](?:[0-9]+,)?(?<text>8=.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Message();

    [GeneratedRegex(@"^(?<reason>.*?)( \((?<tag>[0-9]+)\))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reason();

    [GeneratedRegex("<TIME[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [GeneratedRegex("(?<=\u0001)10=[0-9]*\u0001$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckSum();
}
