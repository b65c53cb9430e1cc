using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Swift;

/// <summary>
/// What field 86 says about an entry: as text, and taken apart where it is structured. German banks write a three-digit code and sub-fields <c>?00</c> to <c>?63</c>
/// (DFÜ agreement, annex 3, MT 940), inside which SEPA codes such as <c>EREF+</c> stand; others write <c>/EREF/…/REMI/…</c>.
/// </summary>
internal sealed partial class StatementInformation
{
    const char CodeMark = '\u0001';

    /// <summary>As it was written, with its lines.</summary>
    public required string Text { get; init; }

    /// <summary>The business transaction code, three digits.</summary>
    public string? Code { get; private set; }

    public string? Posting { get; private set; }

    public string? PrimaNota { get; private set; }

    /// <summary>The purpose without its SEPA codes.</summary>
    public string? Purpose { get; private set; }

    public string? CounterpartyBank { get; private set; }

    public string? CounterpartyAccount { get; private set; }

    public string? CounterpartyName { get; private set; }

    public string? TextKeyAddition { get; private set; }

    /// <summary>Codes and their texts, in their order.</summary>
    public List<KeyValuePair<string, string>> Codes { get; } = [];

    public static StatementInformation Of(string text)
    {
        var information = new StatementInformation { Text = text };
        // Sub-fields and codes are cut into lines wherever the line was full.
        var joined = text.Replace("\n", "", StringComparison.Ordinal);
        if (German().IsMatch(joined))
            information.ReadGerman(joined);
        else if (Slashes().IsMatch(joined))
            information.ReadSlashes(joined);
        return information;
    }

    void ReadGerman(string text)
    {
        Code = text[..3];
        var mark = text[3];
        var parts = new SortedDictionary<int, string>();
        foreach (var part in text[4..].Split(mark))
        {
            if (part.Length < 2 || !int.TryParse(part.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                // The mark is a usual character too.
                if (parts.Count > 0)
                    parts[parts.Keys.Max()] += mark + part;
                continue;
            }

            parts[number] = parts.GetValueOrDefault(number) + part[2..];
        }

        string? Part(int number) => parts.TryGetValue(number, out var value) ? value : null;
        string? Parts(Func<int, bool> isOf) => parts.Keys.Any(isOf) ? string.Concat(parts.Where(p => isOf(p.Key)).Select(p => p.Value)) : null;
        (Posting, PrimaNota, CounterpartyBank, CounterpartyAccount, TextKeyAddition) = (Part(0), Part(10), Part(30), Part(31), Part(34));
        CounterpartyName = Parts(n => n is 32 or 33);
        // A code that begins a sub-field is one whatever the sub-field before ends with.
        foreach (var (number, part) in parts.ToList())
            parts[number] = Sepa().IsMatch(part) && Sepa().Match(part).Index == 0 ? CodeMark + part : part;
        ReadPurpose(Parts(n => n is >= 20 and <= 29 or >= 60 and <= 63));
    }

    void ReadPurpose(string? purpose)
    {
        if (purpose is null)
            return;
        var matches = Sepa().Matches(purpose);
        if (matches.Count == 0)
        {
            Purpose = purpose;
            return;
        }

        var before = purpose[..matches[0].Index].Trim(CodeMark, ' ');
        for (var i = 0; i < matches.Count; i++)
        {
            var end = i + 1 < matches.Count ? matches[i + 1].Index : purpose.Length;
            Codes.Add(new(matches[i].Groups["code"].Value, purpose[(matches[i].Index + matches[i].Length)..end].Trim(CodeMark, ' ')));
        }

        Purpose = Codes.Find(c => c.Key == "SVWZ").Value is { } text ? text : before.Length > 0 ? before : null;
    }

    void ReadSlashes(string text)
    {
        var matches = SlashCode().Matches(text);
        for (var i = 0; i < matches.Count; i++)
        {
            var end = i + 1 < matches.Count ? matches[i + 1].Index : text.Length;
            Codes.Add(new(matches[i].Groups["code"].Value, text[(matches[i].Index + matches[i].Length)..end].Trim()));
        }

        Purpose = Codes.Find(c => c.Key is "REMI").Value;
        CounterpartyName = Codes.Find(c => c.Key is "NAME").Value;
        CounterpartyAccount = Codes.Find(c => c.Key is "IBAN").Value;
    }

    /// <summary>The codes as a JSON object; null for none. A code that repeats gets a number.</summary>
    public string? CodesJson()
    {
        if (Codes.Count == 0)
            return null;
        var json = new Pipeline.RowText();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (code, text) in Codes)
        {
            var name = code;
            for (var i = 2; !used.Add(name); i++)
                name = $"{code}_{i}";
            json.Write(used.Count == 1 ? (byte)'{' : (byte)',');
            json.WriteJson(Encoding.UTF8.GetBytes(name));
            json.Write((byte)':');
            json.WriteJson(Encoding.UTF8.GetBytes(text));
        }

        json.Write((byte)'}');
        return Encoding.UTF8.GetString(json.Written);
    }

    [GeneratedRegex("^[0-9]{3}(?<mark>[^0-9A-Za-z\\s,.])[0-9]{2}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex German();

    [GeneratedRegex("^\\s*/[A-Z]{2,5}/", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slashes();

    [GeneratedRegex("/(?<code>[A-Z]{2,5})/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlashCode();

    [GeneratedRegex("(?<![A-Z0-9])(?<code>EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\\+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sepa();
}
