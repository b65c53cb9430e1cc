using System.Text;

namespace DataIngestion.Conversion.Tests.Pipeline;

/// <summary>Seeded delimited texts that are mostly regular and sometimes everything else.</summary>
internal static class RandomCsv
{
    static readonly string[][] Kinds =
    [
        ["1", "22", "-333", "4444444"],
        ["1.5", "2.25", "10.125", "7"],
        ["2024-01-02", "2024-12-31", "1999-05-06"],
        ["2024-01-02 10:00:00.123", "2024-01-02T23:59:59.5"],
        ["true", "false", "TRUE"],
        ["20240102", "20241231", "19990506"],
        ["1.234", "12.345", "123.456"],
        ["12%", "-3.5%", "100%"],
        ["\"1,234\"", "\"22,500\"", "7"],
        ["\"1.234,5\"", "\"22,75\"", "\"1.000,00\""],
        ["$5", "$1.50", "$22"],
        ["yes", "no"],
        ["Y", "Y", "N"],
        ["01/02/2024", "03/04/2024", "05/05/2024"],
        ["A", "BB", "CCC", "\"quoted\"", "\"a,b\"", "\"line\nbreak\"", "\"doubled \"\" quote\""],
    ];

    static readonly string[] Anything =
        ["", "NA", "007", "1e5", "x", "5\" disk", "\"", "\"open", "\"shut\"x", "3.00000", "99999999999999999999", "13/01/2024", "\"\"", " 8 ", "true",
        "\"1,234\"", "\"1.234,5\"", "\"1,5\"", "0.123", "12%", "$9", "yes", "0", "25/12/2024", "12/25/2024", "20240229", "1.234", "31.12.2024", "PT5M"];

    /// <param name="oddity">Chance in a thousand that a cell or line is not what its column promises.</param>
    public static byte[] Create(int seed, int rows, int oddity)
    {
        var random = new Random(seed);
        var kinds = random.GetItems(Kinds, random.Next(1, 6));
        var text = new StringBuilder().AppendJoin(',', kinds.Select((_, i) => $"c{i}")).Append('\n');
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(text.ToString()));
        for (var row = 0; row < rows; row++)
        {
            // What is odd comes late, so that the first rows foresee it less often.
            var chance = row < rows / 4 ? oddity / 4 : oddity;
            var cells = kinds.Select(k => random.Next(1000) < chance ? random.GetItems(Anything, 1)[0] : random.GetItems(k, 1)[0]).ToList();
            if (random.Next(1000) < chance)
                cells.Add("more");
            bytes.AddRange(Encoding.UTF8.GetBytes(string.Join(',', cells)));
            if (random.Next(1000) < chance)
                bytes.Add(0xFF);
            bytes.AddRange(random.Next(1000) < chance ? "\r\n"u8 : "\n"u8);
            if (random.Next(1000) < chance)
                bytes.AddRange("\n"u8);
        }

        return [.. random.Next(3) == 0 ? bytes.SkipLast(1) : bytes];
    }
}
