using System.Text;

namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>Settings, documents with keys, and marked-up prose.</summary>
internal static class ConfigSamples
{
    public static string Yaml(Draft d)
    {
        var text = new StringBuilder(d.Chance(0.3) ? "---\n" : d.Chance(0.2) ? $"# {d.Phrase(2, 6)}\n" : "");
        if (d.Chance(0.15))
        {
            for (var items = d.Whole(2, 15); items > 0; items--)
                text.Append($"- {d.Thing()}: {Value(d)}\n  {d.Thing()}: {Value(d)}\n");
            return text.ToString();
        }

        Map(d, text, 0, d.Whole(3, 12));
        return text.ToString();
    }

    static void Map(Draft d, StringBuilder text, int indent, int keys)
    {
        var blanks = new string(' ', indent);
        for (; keys > 0; keys--)
        {
            var kind = indent > 6 ? 0 : d.Whole(0, 9);
            text.Append($"{blanks}{d.Identifier()}:");
            if (kind >= 8)
            {
                text.Append('\n');
                Map(d, text, indent + 2, d.Whole(1, 5));
            }
            else if (kind == 7)
            {
                text.Append('\n').Append(string.Concat(d.Many(1, 6, () => $"{blanks}  - {Value(d)}\n")));
            }
            else if (kind == 6 && d.Chance(0.3))
            {
                text.Append(" |\n").Append(string.Concat(d.Many(1, 4, () => $"{blanks}  {d.Sentence(3, 8)}\n")));
            }
            else
            {
                text.Append($" {Value(d)}{(d.Chance(0.05) ? " # " + d.Phrase() : "")}\n");
            }
        }
    }

    static string Value(Draft d) => d.Pick(d.Word(), d.Number(), d.Pick("true", "false", "null", "~", "yes"), $"\"{d.Phrase()}\"", $"'{d.Phrase()}'", d.Date(), d.Phrase(), $"[{string.Join(", ", d.Many(1, 4, d.Word))}]", $"{{{d.Thing()}: {d.Number()}}}", $"https://{d.Thing()}.example/{d.Thing()}");

    public static string Ini(Draft d)
    {
        var text = new StringBuilder(d.Chance(0.3) ? $"; {d.Phrase(2, 6)}\n" : "");
        var equal = d.Pick("=", " = ", "=");
        for (var sections = d.Whole(1, 5); sections > 0; sections--)
            text.Append($"[{d.Pick(d.Thing(), Draft.Capital(d.Thing()), d.Identifier())}]\n").Append(string.Concat(d.Many(1, 8, () => d.Chance(0.08) ? $"{d.Pick(";", "#")} {d.Phrase(2, 7)}\n" : $"{d.Identifier()}{equal}{d.Pick(d.Word(), d.Number(), d.Phrase(), "yes", "no", "on", $"C:\\{d.Thing()}\\{d.Thing()}", $"/{d.Thing()}/{d.Thing()}", "")}\n"))).Append(d.Chance(0.7) ? "\n" : "");
        return text.ToString();
    }

    /// <summary>Keys and values without sections, as Java and shells write them.</summary>
    public static string Properties(Draft d)
    {
        var isShell = d.Chance(0.4);
        return (d.Chance(0.4) ? $"# {d.Phrase(2, 6)}\n" : "") + d.Lines(3, 30, () => d.Chance(0.1) ? $"# {d.Phrase(2, 7)}"
            : isShell ? $"{d.Identifier().ToUpperInvariant()}={d.Pick(d.Word(), d.Number(), $"\"{d.Phrase()}\"", $"https://{d.Thing()}.example")}"
            : $"{string.Join('.', d.Many(1, 4, d.Thing))}{d.Pick("=", " = ", "=")}{d.Pick(d.Word(), d.Number(), d.Phrase(), "true", "false", $"jdbc:postgresql://localhost:5432/{d.Thing()}")}");
    }

    public static string Toml(Draft d)
    {
        string Scalar() => d.Pick($"\"{d.Phrase()}\"", $"\"{d.Word()}\"", d.Number(), d.Pick("true", "false"), d.Moment().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), $"[{string.Join(", ", d.Many(1, 4, () => $"\"{d.Word()}\""))}]", $"{{ {d.Thing()} = \"{d.Word()}\", {d.Thing()} = {d.Whole(0, 9)} }}", $"\"{d.Whole(0, 9)}.{d.Whole(0, 20)}.{d.Whole(0, 9)}\"");
        var text = new StringBuilder(d.Chance(0.3) ? $"# {d.Phrase(2, 6)}\n" : "").Append(string.Concat(d.Many(0, 4, () => $"{d.Identifier()} = {Scalar()}\n")));
        for (var sections = d.Whole(1, 6); sections > 0; sections--)
            text.Append($"\n{d.Pick($"[{d.Thing()}]", $"[{d.Thing()}.{d.Thing()}]", $"[[{d.Thing()}]]")}\n").Append(string.Concat(d.Many(1, 7, () => $"{d.Identifier()} = {Scalar()}\n")));
        return text.ToString();
    }

    public static string Markdown(Draft d)
    {
        var text = new StringBuilder(d.Chance(0.8) ? $"# {Draft.Capital(d.Phrase(1, 6))}\n\n" : "");
        for (var blocks = d.Whole(3, 14); blocks > 0; blocks--)
        {
            text.Append(d.Whole(0, 9) switch
            {
                0 or 1 => $"{d.Pick("##", "##", "###")} {Draft.Capital(d.Phrase(1, 5))}\n\n",
                2 => string.Concat(d.Many(2, 6, () => $"{d.Pick("-", "*")} {d.Pick(d.Sentence(2, 8), $"[{d.Phrase()}](https://{d.Thing()}.example/{d.Thing()})", $"**{d.Word()}**: {d.Phrase()}")}\n")) + "\n",
                3 => $"```{d.Pick("", "bash", "python", "json", "csharp")}\n{string.Concat(d.Many(1, 4, () => $"{d.Pick("pip install", "$ ./run", "import", "var x =")} {d.Identifier()}\n"))}```\n\n",
                4 => string.Concat(d.Many(2, 5, () => $"{d.Whole(1, 9)}. {d.Sentence(2, 8)}\n")) + "\n",
                5 => $"> {d.Sentence()}\n\n",
                6 => $"| {d.Thing()} | {d.Thing()} |\n|---|---|\n{string.Concat(d.Many(2, 5, () => $"| {d.Word()} | {d.Number()} |\n"))}\n",
                7 => $"{d.Sentence()} See [{d.Phrase()}](https://{d.Thing()}.example) and `{d.Identifier()}` or **{d.Phrase()}** and *{d.Word()}*.\n\n",
                8 => $"![{d.Word()}]({d.Thing()}.png)\n\n",
                _ => d.Paragraph() + "\n\n",
            });
        }

        return text.ToString();
    }

    public static string Latex(Draft d)
    {
        var text = new StringBuilder(d.Chance(0.75) ? $"\\documentclass{d.Pick("", "[11pt]", "[a4paper]")}{{{d.Pick("article", "report", "book", "beamer")}}}\n{string.Concat(d.Many(0, 5, () => $"\\usepackage{d.Pick("", "[utf8]")}{{{d.Thing()}}}\n"))}\\title{{{d.Phrase()}}}\n\\author{{{d.Person()}}}\n\n\\begin{{document}}\n\\maketitle\n" : d.Chance(0.3) ? $"% {d.Phrase()}\n" : "");
        for (var blocks = d.Whole(2, 10); blocks > 0; blocks--)
        {
            text.Append(d.Whole(0, 6) switch
            {
                0 or 1 => $"\\{d.Pick("section", "subsection", "chapter", "paragraph")}{{{Draft.Capital(d.Phrase())}}}\\label{{sec:{d.Thing()}}}\n",
                2 => $"\\begin{{itemize}}\n{string.Concat(d.Many(2, 4, () => $"  \\item {d.Sentence(2, 6)}\n"))}\\end{{itemize}}\n",
                3 => $"\\begin{{equation}}\n  {d.Pick("x", "E", "\\alpha")} = \\frac{{{d.Whole(1, 9)}}}{{{d.Pick("n", "2\\pi", "\\sqrt{k}")}}} + \\sum_{{i=0}}^{{n}} x_i^2\n\\end{{equation}}\n",
                4 => $"\\begin{{figure}}[h]\n  \\centering\n  \\includegraphics[width=0.5\\textwidth]{{{d.Thing()}.pdf}}\n  \\caption{{{d.Sentence()}}}\n\\end{{figure}}\n",
                _ => $"{d.Sentence()} {d.Sentence()} \\emph{{{d.Word()}}} \\cite{{{d.Thing()}{d.Whole(1990, 2024)}}} $x_{d.Whole(0, 9)} \\leq {d.Whole(0, 99)}$. {d.Sentence()}\n\n",
            });
        }

        return text.Append("\\end{document}\n").ToString();
    }

    public static string Css(Draft d) => string.Concat(d.Many(2, 14, () => $"{d.Pick("." + d.Thing(), "#" + d.Thing(), "body", "h1, h2", "a:hover", "table td", "div." + d.Thing(), "@media (max-width: 600px)", "p")} {{\n{string.Concat(d.Many(1, 6, () => $"  {d.Pick("color", "margin", "padding", "font-size", "display", "background-color", "border", "width", "text-align", "font-family")}: {d.Pick("#" + d.Digits(3), $"{d.Whole(0, 40)}px", "auto", "block", "1px solid #ccc", "0 auto", "center", "inherit", "Arial, sans-serif", $"{d.Whole(1, 100)}%")};\n"))}}}\n\n"));

    public static string Sql(Draft d) => (d.Chance(0.3) ? $"-- {d.Phrase(2, 6)}\n" : "") + string.Concat(d.Many(1, 8, () =>
    {
        var text = d.Whole(0, 5) switch
        {
            0 => $"CREATE TABLE {d.Pick("", "IF NOT EXISTS ")}{d.Identifier()} (\n{string.Join(",\n", d.Many(2, 7, () => $"  {d.Identifier()} {d.Pick("INTEGER", "VARCHAR(255)", "TEXT", "DECIMAL(18,4)", "TIMESTAMP", "BIGINT", "BOOLEAN", "DATE")}{d.Pick("", " NOT NULL", " PRIMARY KEY", " DEFAULT 0")}"))}\n);\n",
            1 => string.Concat(d.Many(1, 8, () => $"INSERT INTO {d.Identifier()} ({string.Join(", ", d.Many(3, 3, d.Identifier))}) VALUES ({d.Number()}, '{d.Phrase()}', {d.Pick("NULL", d.Number(), $"'{d.Date()}'")});\n")),
            2 => $"SELECT {string.Join(", ", d.Many(1, 5, () => d.Pick("t.", "", "a.") + d.Identifier()))}\nFROM {d.Identifier()} t\n{d.Pick("", $"JOIN {d.Identifier()} a ON a.id = t.id\n", $"LEFT JOIN {d.Identifier()} a USING (id)\n")}WHERE {d.Identifier()} {d.Pick("=", ">", "<>", "IN (1,2) AND x =")} {d.Number()}\n{d.Pick("", $"GROUP BY {d.Identifier()}\n")}ORDER BY {d.Identifier()};\n",
            3 => $"UPDATE {d.Identifier()} SET {d.Identifier()} = {d.Number()} WHERE id = {d.Whole(1, 99)};\n",
            4 => $"ALTER TABLE {d.Identifier()} ADD COLUMN {d.Identifier()} TEXT;\nCREATE INDEX idx_{d.Thing()} ON {d.Identifier()} ({d.Identifier()});\n",
            _ => $"BEGIN;\nDELETE FROM {d.Identifier()} WHERE {d.Identifier()} = '{d.Word()}';\nCOMMIT;\n",
        };
        return (d.Chance(0.25) ? text.ToLowerInvariant() : text) + (d.Chance(0.5) ? "\n" : "");
    }));
}
