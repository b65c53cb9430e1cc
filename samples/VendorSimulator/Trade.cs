using System.Text;

namespace DataIngestion.Samples;

/// <summary>Trades of the endless stream: the n-th is a function of the seed and n alone, so a reconnect finds the same ones.</summary>
static class Trade
{
    static readonly string[] Symbols = ["AAPL", "MSFT", "SPY", "EURUSD"];

    static readonly DateTimeOffset Start = new(2026, 1, 2, 14, 30, 0, TimeSpan.Zero);

    public static byte[] Line(int seed, long sequence)
    {
        var random = Splitmix.Next((ulong)seed ^ ((ulong)sequence * 0xD1B54A32D192ED03UL));
        var symbol = Symbols[random % (ulong)Symbols.Length];
        var price = 100 + ((random >> 8) % 10_000) / 100m;
        var at = Start.AddMilliseconds(sequence * 137);
        return Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $$"""{"seq":{{sequence}},"symbol":"{{symbol}}","price":{{price:0.00}},"size":{{1 + ((random >> 40) % 500)}},"at":"{{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}""") + "\n");
    }
}
