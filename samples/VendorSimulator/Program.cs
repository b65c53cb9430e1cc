using DataIngestion.Samples;

// VendorSimulator [--port N] [--key KEY] [--through yyyy-MM-dd] [bars.csv ...]
var options = new VendorOptions { Port = 7180, RateLimitEvery = 7, UnavailableAt = 3, TradesPerSecond = 200 };
List<Bar> bars = [];
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--port" when i + 1 < args.Length && int.TryParse(args[i + 1], out var port):
            options = options with { Port = port };
            i++;
            break;
        case "--key" when i + 1 < args.Length:
            options = options with { ApiKey = args[++i] };
            break;
        case "--through" when i + 1 < args.Length && DateOnly.TryParse(args[i + 1], out var through):
            options = options with { Through = through };
            i++;
            break;
        case var file when File.Exists(file):
            bars.AddRange(Bar.ReadCsv(file));
            break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is neither a file nor an option with a value: expected --port N, --key KEY, --through yyyy-MM-dd, or CSV files of daily bars.");
            return 2;
    }
}

options = options with { Bars = bars.Count > 0 ? bars : Bar.Generate(options.Seed, ["AAPL", "MSFT", "SPY"], new DateOnly(2025, 1, 1), 365) };
using var stopped = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stopped.Cancel();
};
await using var vendor = await VendorSimulator.StartAsync(options);
Console.WriteLine($"{options.Bars.Count} bars at {vendor.BaseAddress} (Ctrl-C stops)");
await Task.Delay(Timeout.Infinite, stopped.Token).ContinueWith(_ => { }, TaskScheduler.Default);
return 0;
