using System.Text;

namespace DataIngestion.Conversion.Tests.Csv;

/// <summary>Seeded tables written in any dialect.</summary>
internal static class DialectFiles
{
    static readonly string[] Delimiters = [",", ";", "\t", "|", "||", "~|~", "^", "\u0001", "§", "::"];

    /// <summary>A dialect that a file can be told from: its table has numbers in it and enough records.</summary>
    public static CsvDialect Dialect(Random random)
    {
        var quote = random.Next(4) == 0 ? '\'' : '"';
        return new(Delimiters[random.Next(Delimiters.Length)], quote)
        {
            Escape = random.Next(4) == 0 ? '\\' : null,
            LineEnd = (LineEnd)random.Next(3),
            SkipLines = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            HeaderRows = random.Next(4) == 0 ? 0 : 1,
        };
    }

    public static string[][] Table(Random random, CsvDialect dialect, int rows)
    {
        var columns = random.Next(3, 8);
        var table = new string[rows][];
        for (var row = 0; row < rows; row++)
        {
            table[row] = new string[columns];
            for (var column = 0; column < columns; column++)
                table[row][column] = column switch
                {
                    0 => (1000 + row).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    1 => FormattableString.Invariant($"{random.Next(1, 99)}.{random.Next(10, 99)}"),
                    _ => Text(random, dialect),
                };
        }

        return table;
    }

    static string Text(Random random, CsvDialect dialect) => random.Next(7) switch
    {
        0 => "",
        1 => $"a{dialect.Delimiter}b",
        2 => $"say {dialect.Quote}yes{dialect.Quote} now",
        3 => "two\nlines",
        4 => "größe",
        _ => "word" + random.Next(100).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static byte[] Write(Random random, CsvDialect dialect, string[][] table)
    {
        var text = new StringBuilder();
        var ends = dialect.LineEnd switch { LineEnd.LineFeed => ["\n", "\r\n"], LineEnd.CarriageReturn => (string[])["\r"], _ => ["\n", "\r\n", "\r"] };
        var usual = ends[random.Next(Math.Min(2, ends.Length))];
        string End(int record) => dialect.LineEnd == LineEnd.Any ? ends[record % 3] : usual;
        for (var line = 0; line < dialect.SkipLines; line++)
            text.Append("Report of the day").Append(End(line));
        if (dialect.HasHeader)
            text.AppendJoin(dialect.Delimiter, table[0].Select((_, i) => "name" + (char)('a' + i))).Append(End(1));
        for (var row = 0; row < table.Length; row++)
            text.AppendJoin(dialect.Delimiter, table[row].Select(c => Cell(c, dialect))).Append(End(row));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Cell(string cell, CsvDialect dialect)
    {
        var quote = dialect.Quote!.Value.ToString();
        if (!cell.Contains(dialect.Delimiter, StringComparison.Ordinal) && !cell.Contains('\n', StringComparison.Ordinal) && !cell.Contains(quote, StringComparison.Ordinal))
            return cell;
        return quote + cell.Replace(quote, (dialect.Escape?.ToString() ?? quote) + quote, StringComparison.Ordinal) + quote;
    }
}
