using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>Trades and their quotes: nanoseconds, many small decimals, few symbols.</summary>
internal sealed class Trades : IRaceDataset
{
    const int Seed = 20240102;
    static readonly string[] Venues = ["XNAS", "XNYS", "ARCX", "BATS", "IEXG", "EDGX"];
    static readonly string[] Conditions = ["", "@", "@F", "@I", "@ TI", "@,4"];

    public string Name => "trades";

    public DataSchema Schema { get; } = new(
    [
        new("time", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: false)), new("symbol", DataType.String), new("price", DataType.Decimal(18, 4)), new("size", DataType.Int64),
        new("bid", DataType.Decimal(18, 4)), new("ask", DataType.Decimal(18, 4)), new("trade_id", DataType.Int64), new("venue", DataType.String), new("conditions", DataType.String), new("late", DataType.Boolean),
    ]);

    public WriteRecord Records()
    {
        var random = new Random(Seed);
        var symbols = Enumerable.Range(0, 500).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (char)('A' + random.Next(26)))])).ToArray();
        var prices = symbols.Select(_ => (long)random.Next(50_000, 5_000_000)).ToArray();
        var open = new DateTime(2024, 1, 2, 14, 30, 0, DateTimeKind.Unspecified);
        var (nanosecond, id) = (0L, 1_000_000L);
        return Write;

        void Write(ref FieldWriter record)
        {
            nanosecond += random.Next(1, 40_000_000);
            var symbol = random.Next(symbols.Length);
            var price = prices[symbol] = Math.Max(100, prices[symbol] + random.Next(-200, 201));
            record.Timestamp(open.AddSeconds(nanosecond / 1_000_000_000), nanosecond % 1_000_000_000);
            record.Text(symbols[symbol]);
            record.Price(price);
            record.Integer(random.Next(1, 2000));
            record.Price(price - 50);
            record.Price(price + 50);
            record.Integer(id++);
            record.Text(Venues[random.Next(Venues.Length)]);
            record.Text(Conditions[random.Next(Conditions.Length)]);
            record.Boolean(random.Next(50) == 0);
        }
    }
}
