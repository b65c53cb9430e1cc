using System.Globalization;

namespace DataIngestion.Samples;

/// <summary>One instrument's day.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Date">Trading day.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Pieces traded.</param>
public sealed record Bar(string Symbol, DateOnly Date, decimal Open, decimal High, decimal Low, decimal Close, long Volume)
{
    /// <summary>Reads daily bars from CSV with a header. Columns by name, in any order and case: <c>date</c>, <c>open</c>, <c>high</c>, <c>low</c>, <c>close</c>, <c>volume</c> and
    /// <c>symbol</c> (or <c>ticker</c>, <c>instrument</c>); without the last the file's name is the symbol. Other columns are passed over.</summary>
    /// <exception cref="FormatException">A line cannot be read; says which.</exception>
    public static IReadOnlyList<Bar> ReadCsv(string path)
    {
        List<Bar> bars = [];
        Dictionary<string, int>? columns = null;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (columns is null)
            {
                columns = fields.Select((name, at) => (name: name.Trim('"', '\uFEFF').ToLowerInvariant(), at)).ToDictionary(c => c.name, c => c.at);
                continue;
            }

            try
            {
                bars.Add(new(
                    Text("symbol") ?? Text("ticker") ?? Text("instrument") ?? Path.GetFileNameWithoutExtension(path).ToUpperInvariant(),
                    DateOnly.Parse(Required("date")[..10], CultureInfo.InvariantCulture),
                    Price("open"), Price("high"), Price("low"), Price("close"),
                    (long)decimal.Parse(Text("volume") is { Length: > 0 } volume ? volume : "0", NumberStyles.Float, CultureInfo.InvariantCulture)));
            }
            catch (Exception fault) when (fault is FormatException or KeyNotFoundException or ArgumentOutOfRangeException or OverflowException)
            {
                throw new FormatException($"{path}:{number}: not a daily bar ({fault.Message}): {line}", fault);
            }

            string? Text(string column) => columns.TryGetValue(column, out var at) && at < fields.Length ? fields[at].Trim('"') : null;
            string Required(string column) => Text(column) ?? throw new FormatException($"there is no '{column}'");
            decimal Price(string column) => decimal.Parse(Required(column), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        return bars;
    }

    /// <summary>Bars of a seeded random walk on weekdays, the same for the same arguments on every machine.</summary>
    public static IReadOnlyList<Bar> Generate(int seed, IEnumerable<string> symbols, DateOnly from, int days)
    {
        List<Bar> bars = [];
        foreach (var symbol in symbols)
        {
            var state = symbol.Aggregate((ulong)seed, (hash, c) => Splitmix.Next(hash + c));
            var price = 20m + (state % 300);
            for (var day = 0; day < days; day++)
            {
                var date = from.AddDays(day);
                state = Splitmix.Next(state);
                if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                    continue;
                var open = price;
                var close = Math.Max(1m, open + Step(0));
                var high = Math.Max(open, close) + Math.Abs(Step(16)) / 2;
                var low = Math.Max(0.5m, Math.Min(open, close) - Math.Abs(Step(32)) / 2);
                bars.Add(new(symbol, date, open, high, low, close, 1000 + (long)(state % 900_000)));
                price = close;
            }

            decimal Step(int shift) => Math.Round(((int)((state >> shift) & 0xFF) - 128) / 64m, 2);
        }

        return bars;
    }
}

/// <summary>A small generator whose results are the same in every version of .NET.</summary>
static class Splitmix
{
    public static ulong Next(ulong state)
    {
        var z = state + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
