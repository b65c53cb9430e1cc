using System.Globalization;

namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>Tables in text, and lines that are records: delimited, aligned, logged.</summary>
internal static class TableSamples
{
    public static string Csv(Draft d) => Delimited(d, d.Pick(",", ",", ",", ";", ";", "|"), d.Pick(0.0, 0.0, 0.2, 1.0));

    public static string Tsv(Draft d) => Delimited(d, "\t", d.Pick(0.0, 0.0, 0.2));

    static string Delimited(Draft d, string delimiter, double quoted)
    {
        var columns = d.Whole(2, d.Pick(4, 8, 20));
        var kinds = d.Many(columns, columns, () => d.Pick("number", "number", "word", "date", "phrase", "code", "empty", "name", "time"));
        string Cell(string kind)
        {
            var text = kind switch
            {
                "number" => d.Chance(0.1) && delimiter != "," ? d.Number().Replace('.', ',') : d.Number(),
                "date" => d.Date(),
                "time" => d.Moment().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                "phrase" => d.Phrase(1, 6),
                "code" => d.Pick(d.Ticker(), d.Currency(), d.Digits(6), d.Letters(3)),
                "empty" => d.Chance(0.6) ? "" : d.Word(),
                "name" => d.Person(),
                _ => d.Word(),
            };
            return d.Chance(quoted) || text.Contains(delimiter, StringComparison.Ordinal) ? "\"" + text + "\"" : text;
        }

        var lines = new List<string>();
        if (d.Chance(0.1))
            lines.Add(d.Phrase(2, 6));
        if (d.Chance(0.8))
            lines.Add(string.Join(delimiter, kinds.Select(_ => d.Chance(quoted) ? "\"" + d.Identifier() + "\"" : d.Pick(d.Identifier(), Draft.Capital(d.Thing()), d.Phrase(1, 3)))));
        for (var rows = d.Whole(2, 60); rows > 0; rows--)
            lines.Add(string.Join(delimiter, kinds.Select(Cell)) + (d.Chance(0.02) ? delimiter : ""));
        return string.Join('\n', lines) + "\n";
    }

    public static string FixedWidth(Draft d)
    {
        var columns = d.Whole(3, 9);
        var widths = new int[columns];
        var kinds = d.Many(columns, columns, () => d.Pick("number", "number", "word", "date", "phrase", "code"));
        for (var i = 0; i < columns; i++)
            widths[i] = d.Whole(6, 22);
        string Fit(string text, int width, bool right) => text.Length >= width ? text[..(width - 1)] + " " : right ? text.PadLeft(width - 1) + " " : text.PadRight(width);
        string Row(Func<string, string> cell) => string.Concat(kinds.Select((k, i) => Fit(cell(k), widths[i], k == "number")));
        var trims = d.Chance(0.3);
        var lines = new List<string>();
        if (d.Chance(0.5))
            lines.Add(Row(_ => Draft.Capital(d.Thing())));
        if (d.Chance(0.25))
            lines.Add(d.Chance(0.5) ? new string('-', widths.Sum()) : string.Concat(widths.Select(w => new string('-', w - 1) + " ")));
        for (var rows = d.Whole(3, 60); rows > 0; rows--)
            lines.Add(Row(k => k switch { "number" => d.Number(), "date" => d.Date(), "phrase" => d.Phrase(1, 3), "code" => d.Pick(d.Ticker(), d.Digits(5)), _ => d.Word() }));
        return string.Join('\n', lines.Select(l => trims ? l.TrimEnd() : l)) + "\n";
    }

    public static string Log(Draft d)
    {
        var style = d.Whole(0, 7);
        var at = d.Moment();
        return d.Lines(3, 60, () =>
        {
            at = at.AddSeconds(d.Whole(0, 90));
            var level = d.Pick("INFO", "DEBUG", "WARN", "ERROR", "INFO", "TRACE", "FATAL", "WARNING");
            var words = d.Chance(0.5) ? d.Sentence(3, 10) : $"{d.Identifier()}={d.Number()} {d.Identifier()}={d.Word()} {d.Phrase()}";
            var invariant = CultureInfo.InvariantCulture;
            var address = $"{d.Whole(1, 254)}.{d.Whole(0, 254)}.{d.Whole(0, 254)}.{d.Whole(1, 254)}";
            return style switch
            {
                0 => $"{at.ToString("MMM dd HH:mm:ss", invariant)} {d.Thing()}{d.Whole(1, 9)} {d.Thing()}[{d.Whole(100, 32000)}]: {words}",
                1 => $"{address} - {d.Pick("-", d.Name())} [{at.ToString("dd/MMM/yyyy:HH:mm:ss", invariant)} +0000] \"{d.Pick("GET", "POST", "PUT")} /{d.Thing()}/{d.Thing()} HTTP/1.1\" {d.Pick(200, 200, 304, 404, 500)} {d.Whole(0, 90000)}" + (d.Chance(0.5) ? " \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"" : ""),
                2 => $"{at.ToString("yyyy-MM-dd HH:mm:ss,fff", invariant)} {level} [{d.Thing()}-{d.Whole(1, 9)}] com.{d.Thing()}.{Draft.Capital(d.Thing())} - {words}",
                3 => $"{at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", invariant)} {level,-5} {d.Identifier()}: {words}",
                4 => $"[{at.ToString("yyyy-MM-dd HH:mm:ss", invariant)}] {level}: {words}",
                5 => $"<{d.Whole(1, 190)}>1 {at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", invariant)} {d.Thing()} {d.Thing()} {d.Whole(1, 9999)} - - {words}",
                6 => $"{at.ToString("HH:mm:ss.fff", invariant)} [{level}] {words}",
                _ => $"time={at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", invariant)} level={level} msg=\"{words}\" {d.Identifier()}={d.Number()}",
            };
        });
    }

    public static string Text(Draft d) => d.Whole(0, 8) switch
    {
        0 => d.Sentence(),
        1 => d.Phrase(1, 12),
        2 => string.Join("\n\n", d.Many(1, 12, () => d.Paragraph())) + "\n",
        3 => Wrap(string.Join("\n\n", d.Many(1, 8, () => d.Paragraph(2, 8))), d.Whole(50, 90)),
        4 => d.Phrase(1, 5).ToUpperInvariant() + "\n\n" + string.Join("\n", d.Many(2, 10, () => d.Paragraph())),
        5 => d.Lines(2, 40, () => d.Word()),
        6 => $"Dear {d.Name()},\n\n{d.Paragraph()}\n\n{d.Paragraph()}\n\n{d.Pick("Kind regards", "Best", "Yours sincerely")},\n{d.Person()}\n",
        7 => d.Lines(3, 30, () => $"/{string.Join('/', d.Many(1, 6, () => d.Thing()))}"),
        _ => d.Lines(3, 14, () => d.Sentence(3, 9)),
    };

    static string Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' '))
            {
                if (line.Length + word.Length > width)
                {
                    lines.Add(line);
                    line = "";
                }

                line += line.Length == 0 ? word : " " + word;
            }

            lines.Add(line);
        }

        return string.Join('\n', lines) + "\n";
    }
}
