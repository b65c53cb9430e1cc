using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>Daily bars of many symbols, day by day: dates, four prices, an adjusted one that is sometimes missing, a volume.</summary>
internal sealed class Bars : IRaceDataset
{
    const int Seed = 20240103;
    const int Symbols = 3_000;

    public string Name => "bars";

    public DataSchema Schema { get; } = new(
    [
        new("date", DataType.Date), new("symbol", DataType.String), new("open", DataType.Decimal(18, 4)), new("high", DataType.Decimal(18, 4)), new("low", DataType.Decimal(18, 4)),
        new("close", DataType.Decimal(18, 4)), new("volume", DataType.Int64), new("vwap", DataType.Decimal(18, 4)), new("trades", DataType.Int64), new("currency", DataType.String),
    ]);

    public WriteRecord Records()
    {
        var random = new Random(Seed);
        var symbols = Enumerable.Range(0, Symbols).Select(i => $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}{i:0000}.{(i % 7 == 0 ? "L" : "N")}").ToArray();
        var closes = symbols.Select(_ => (long)random.Next(20_000, 9_000_000)).ToArray();
        var day = new DateOnly(1962, 1, 2);
        var next = 0;
        return Write;

        void Write(ref FieldWriter record)
        {
            if (next == symbols.Length)
                (next, day) = (0, day.AddDays(1));
            var spread = Math.Max(2, (int)(closes[next] / 50));
            var open = closes[next] + random.Next(-spread / 2, spread / 2);
            var close = Math.Max(100, open + random.Next(-spread, spread));
            var (high, low) = (Math.Max(open, close) + random.Next(spread), Math.Max(50, Math.Min(open, close) - random.Next(spread)));
            record.Date(day);
            record.Text(symbols[next]);
            record.Price(open);
            record.Price(high);
            record.Price(low);
            record.Price(close);
            record.Integer(random.Next(100, 90_000_000));
            record.Price((open + high + low + close) / 4);
            record.Integer(random.Next(1, 200_000));
            record.Text(next % 7 == 0 ? "GBP" : "USD");
            closes[next++] = close;
        }
    }
}
