using System.Globalization;
using System.Text;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>A seeded file of trades: nanoseconds, many small decimals, few symbols. Written once and kept.</summary>
internal static class TradesFile
{
    const int Seed = 20240102;

    public static string Header => "time,symbol,price,size,bid,ask,trade_id,venue,conditions,late";

    /// <summary>The file of about so many megabytes (10^6).</summary>
    public static string Create(int megabytes, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"trades-{megabytes}.csv");
        if (File.Exists(path))
            return path;
        var partial = path + ".partial";
        using (var file = new StreamWriter(partial, append: false, new UTF8Encoding(false), 1 << 20))
            Write(file, megabytes * 1_000_000L);
        File.Move(partial, path);
        return path;
    }

    static void Write(StreamWriter file, long bytes)
    {
        var random = new Random(Seed);
        var symbols = Enumerable.Range(0, 500).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (char)('A' + random.Next(26)))])).ToArray();
        var prices = symbols.Select(_ => (long)random.Next(50_000, 5_000_000)).ToArray();
        string[] venues = ["XNAS", "XNYS", "ARCX", "BATS", "IEXG", "EDGX"];
        string[] conditions = ["", "@", "@F", "@I", "@ TI", "\"@,4\""];
        file.Write(Header + "\n");
        var at = new DateTime(2024, 1, 2, 14, 30, 0, DateTimeKind.Unspecified);
        var (written, nanosecond, id) = (0L, 0L, 1_000_000L);
        Span<char> line = stackalloc char[256];
        while (written < bytes)
        {
            nanosecond += random.Next(1, 40_000_000);
            var s = random.Next(symbols.Length);
            prices[s] = Math.Max(100, prices[s] + random.Next(-200, 201));
            var (seconds, fraction) = Math.DivRem(nanosecond, 1_000_000_000);
            line.TryWrite(
                CultureInfo.InvariantCulture,
                $"{at.AddSeconds(seconds):yyyy-MM-dd HH:mm:ss}.{fraction:000000000},{symbols[s]},{prices[s] / 10_000}.{prices[s] % 10_000:0000},{random.Next(1, 2000)},{(prices[s] - 50) / 10_000}.{(prices[s] - 50) % 10_000:0000},{(prices[s] + 50) / 10_000}.{(prices[s] + 50) % 10_000:0000},{id++},{venues[random.Next(6)]},{conditions[random.Next(6)]},{(random.Next(50) == 0 ? "true" : "false")}\n",
                out var length);
            file.Write(line[..length]);
            written += length;
        }
    }
}
