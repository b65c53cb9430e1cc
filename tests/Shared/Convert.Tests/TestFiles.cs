using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Tests;

/// <summary>Seeded files.</summary>
internal static class TestFiles
{
    /// <summary>Quotes, line ends of both kinds, empty cells, wide characters and broken rows.</summary>
    public static byte[] Messy(int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("id,name,price,when\r\n");
        for (var i = 0; i < rows; i++)
        {
            var name = random.Next(6) switch { 0 => "", 1 => "\"a \"\"quoted\"\", name\"", 2 => "\"two\r\nlines\"", 3 => "größe \u4e2d", _ => "plain" };
            text.Append(CultureInfo.InvariantCulture, $"{i},{name},{random.Next(1, 100_000) / 100m},2024-01-{random.Next(1, 29):00}T10:00:00Z");
            if (random.Next(20) == 0)
                text.Append(",extra");
            text.Append(random.Next(2) == 0 ? "\n" : "\r\n");
            if (random.Next(15) == 0)
                text.Append("\"torn\"quote,1,2,3\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Trades(int rows, int seed)
    {
        var random = new Random(seed);
        string[] symbols = ["AAPL", "MSFT", "GOOG", "AMZN", "TSLA"];
        var text = new StringBuilder("time,symbol,price,size\n");
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"2024-01-02T14:30:{i / 1000 % 60:00}.{random.Next(1_000_000_000):000000000}Z,{symbols[random.Next(5)]},{random.Next(1000, 500000) / 100m},{random.Next(1, 1000)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
