using System.Text;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Csv.Blocks;

/// <summary>Seeded records of every type, as tidy or as odd as asked for.</summary>
internal sealed class GeneratedCsv(int seed)
{
    static readonly DataColumn[] Columns =
    [
        new("at", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: false)), new("symbol", DataType.String), new("price", DataType.Decimal(18, 4)), new("size", DataType.Int64),
        new("note", DataType.String, Nullable: false), new("wide", DataType.Decimal(38, 6)), new("day", DataType.Date), new("ratio", DataType.Double), new("level", DataType.Int8), new("clock", DataType.Time(TimeUnit.Microseconds)),
        new("moment", DataType.Timestamp(TimeUnit.Microseconds, isUtc: true)), new("late", DataType.Boolean),
    ];

    readonly Random _random = new(seed);

    /// <summary>Share of the cells that are quoted.</summary>
    public double Quoted { get; init; }

    /// <summary>Share of the cells that have no value, in one of its spellings.</summary>
    public double Missing { get; init; }

    /// <summary>Share of the quoted texts that have quotes, delimiters and line ends inside.</summary>
    public double Nasty { get; init; }

    /// <summary>Share of the records that the row reader rejects, or that only it can read.</summary>
    public double Odd { get; init; }

    public string LineEnd { get; init; } = "\n";

    public bool EndsWithLineEnd { get; init; } = true;

    public static CsvDialect Dialect { get; } = new(",") { HeaderRows = 0 };

    public static BlockPlan Plan(ConversionRequest? request = null) => new(
        [.. Columns.Select(c => new ColumnPlan(c, c.Name, ColumnFormat.Default, ""))], [.. Columns.Select(_ => false)], [.. Columns.Select(c => c.Name)],
        new(FormatHint.DefaultNullSpellings), request ?? new ConversionRequest { Policy = SchemaPolicy.DiscardRow });

    public byte[] Create(int rows)
    {
        var text = new MemoryStream();
        for (var row = 0; row < rows; row++)
        {
            var record = string.Join(',', Columns.Select((_, i) => Cell(i)));
            if (_random.NextDouble() < Odd)
                record = Spoil(record);
            text.Write(Encoding.UTF8.GetBytes(record));
            if (_random.NextDouble() < Odd / 4)
                text.WriteByte(0xFF);
            if (row < rows - 1 || EndsWithLineEnd)
                text.Write(Encoding.UTF8.GetBytes(LineEnd));
        }

        return text.ToArray();
    }

    string Cell(int column)
    {
        var isText = column is 1 or 4;
        var value = _random.NextDouble() < Missing ? (column == 4 ? "\"\"" : Pick("", "NA", "null", "-", "\\N", "\"\"", "\"NA\"")) : Value(column);
        if (value.StartsWith('"') || _random.NextDouble() >= Quoted)
            return value;
        if (isText && _random.NextDouble() < Nasty)
            value += Pick("\"\"", ",", "\n", "\r\n", "a\"\"b", "é", new string('x', _random.Next(100)));
        return $"\"{value}\"";
    }

    string Value(int column) => column switch
    {
        0 => Moment() + Pick("", ".5", ".123456789", ".000001"),
        1 => Pick("A", "MSFT", "BRK B", "Zürich", " padded ", new string('y', _random.Next(1, 70))),
        2 => Number(9, 4),
        3 => Number(_random.Next(1, 19), 0),
        4 => Pick("x", "note 1", "007"),
        5 => Number(_random.Next(1, 30), 6),
        6 => Moment()[..10],
        7 => Number(4, 3) + Pick("", "e5", "E-7"),
        8 => _random.Next(-128, 128).ToString(),
        9 => Moment()[11..] + Pick("", ".25"),
        10 => Moment().Replace(' ', 'T') + Pick("Z", ".125Z", "+02:00"),
        _ => Pick("true", "false", "True"),
    };

    string Moment() => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds(_random.Next(40_000_000)).ToString("yyyy-MM-dd HH:mm:ss");

    string Number(int whole, int fraction) =>
        Pick("", "", "-", "+") + _random.Next(1, 10) + string.Concat(Enumerable.Range(1, Math.Max(0, whole - 1)).Select(_ => _random.Next(10)))
        + (fraction > 0 ? "." + string.Concat(Enumerable.Range(0, _random.Next(1, fraction + 1)).Select(_ => _random.Next(10))) : "");

    string Spoil(string record) => _random.Next(9) switch
    {
        0 => record + ",1",
        1 => record[..record.IndexOf(',')],
        2 => record.Replace(",", ",x", StringComparison.Ordinal),
        3 => "",
        4 => record + "\"",
        5 => "\"" + record,
        6 => record.Insert(_random.Next(record.Length), "\""),
        7 => record.Insert(_random.Next(record.Length), Pick("\r", " ", "\t", "0")),
        _ => record + "\r",
    };

    string Pick(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
