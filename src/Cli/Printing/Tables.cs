using Spectre.Console;

namespace DataIngestion.Cli.Printing;

/// <summary>How results look for people: plain tables, numbers on the right, nothing that a log file cannot hold.</summary>
internal static class Tables
{
    /// <summary>A table with these columns; those that begin with <c>#</c> hold numbers.</summary>
    public static Table Create(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (var name in columns)
        {
            var number = name.StartsWith('#');
            var column = new TableColumn(Markup.Escape(number ? name[1..] : name)) { Alignment = number ? Justify.Right : Justify.Left, NoWrap = number };
            table.AddColumn(column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Add(this Table table, params string?[] cells) => table.AddRow([.. cells.Select(c => new Text(c ?? ""))]);

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long number) => number.ToString("N0");

    /// <summary>Seconds with one digit.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0");

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
