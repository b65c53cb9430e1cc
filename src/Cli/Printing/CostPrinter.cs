using System.Globalization;
using DataIngestion.Observe.Cost;
using Spectre.Console;

namespace DataIngestion.Cli.Printing;

/// <summary>Prints costs for people and for spreadsheets.</summary>
internal static class CostPrinter
{
    /// <summary>A report as a table.</summary>
    public static void Print(IAnsiConsole console, TextWriter output, CostReport report, PriceList prices, string by)
    {
        output.WriteLine($"{report.From:yyyy-MM-dd} up to and without {report.To:yyyy-MM-dd}, UTC; amounts in {report.Currency}");
        if (report.Lines.Count == 0)
        {
            output.WriteLine("Nothing was recorded in this time.");
            return;
        }

        var table = Tables.Create(by, "#runs", "#executions", "#GB-s", "#storage ops", "#MB landed", "#MB sent", "#compute", "#operations", "#other", "#use", "#fixed", "#total", "#a GB");
        foreach (var line in (CostLine[])[.. report.Lines, report.Total])
        {
            var used = line.Used;
            table.Add(
                line.Key, Tables.Count(line.Runs), Tables.Count(used.Executions), Number(used.GbSeconds, "0.0"), Tables.Count(used.StorageOperations.Values.Sum()),
                Number(used.BytesLanded / 1e6, "0.000"), Number(used.SourceBytesSent / 1e6, "0.000"),
                Money(line.Parts[CostPart.Compute] + line.Parts[CostPart.Executions]), Money(line.Parts[CostPart.Storage]),
                Money(line.Parts[CostPart.Events] + line.Parts[CostPart.Orchestration] + line.Parts[CostPart.Network] + line.Parts[CostPart.Egress]),
                Money(line.Variable), Money(line.Fixed), Money(line.Total), line.PerGb is { } each ? Number((double)each, "0.00") : "");
        }

        console.Write(table);
        foreach (var remark in Remarks(report, prices))
            output.WriteLine(remark);
    }

    /// <summary>A report as comma-separated values, one line an entry and the total last; quantities whole, amounts to a millionth.</summary>
    public static void WriteCsv(TextWriter output, CostReport report, string by)
    {
        output.WriteLine($"{by},runs,executions,wallSeconds,gbSeconds,cpuSeconds,storageOperations,bytesLanded,storageBytesWritten,storageBytesRead,sourceBytesSent,sourceBytesReceived,events,actions,"
            + $"{string.Join(',', Enum.GetNames<CostPart>().Select(n => n.ToLowerInvariant()))},use,fixed,total,currency");
        foreach (var line in (CostLine[])[.. report.Lines, report.Total])
        {
            var used = line.Used;
            output.WriteLine(string.Join(',',
            [
                line.Key, Text(line.Runs), Text(used.Executions), Number(used.WallSeconds, "0.###"), Number(used.GbSeconds, "0.######"), Number(used.CpuSeconds, "0.###"),
                Text(used.StorageOperations.Values.Sum()), Text(used.BytesLanded), Text(used.StorageBytesWritten), Text(used.StorageBytesRead), Text(used.SourceBytesSent),
                Text(used.SourceBytesReceived), Text(used.Events), Text(used.Actions), .. Enum.GetValues<CostPart>().Select(p => Money(line.Parts[p])),
                Money(line.Variable), Money(line.Fixed), Money(line.Total), report.Currency,
            ]));
        }

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>An estimate.</summary>
    public static void Print(IAnsiConsole console, TextWriter output, MonthlyEstimate estimate, PriceList prices)
    {
        output.WriteLine($"A month of {UsePrices.HoursInMonth} hours in {prices.Region}; amounts in {estimate.Currency}. Work uses what was measured: {prices.Workload.Measured}");
        var table = Tables.Create("what", "#how much", "#a month");
        foreach (var (part, amount) in estimate.Parts)
            table.Add(Word(part), "", Number((double)amount, "0.00"));
        table.Add("data kept, hot", $"{Number((double)estimate.GbKept, "0.#")} GB", Amount(estimate.Kept));
        foreach (var standing in estimate.Fixed)
            table.Add(standing.Name, Number((double)standing.Quantity, "0.##"), Amount(standing.Amount));
        table.Add("total", $"{Number((double)estimate.Runs, "0")} runs, {Number((double)estimate.GbLanded, "0.#")} GB", Number((double)estimate.Total, "0.00"));
        table.Add("for a source", "", Number((double)estimate.PerSource, "0.00"));
        table.Add("for a GB that lands", "", estimate.PerGb is { } each ? Number((double)each, "0.00") : "");
        console.Write(table);
        foreach (var remark in Unpriced(prices, kept: true).Concat(Unreliable(prices, kept: true)))
            output.WriteLine(remark);
    }

    /// <summary>What a reader of the figures should know.</summary>
    public static IReadOnlyList<string> Remarks(CostReport report, PriceList prices) =>
    [
        $"{CostReport.Platform}: used for no single run: the scheduler's ticks, batches of events of several runs, HTTP calls, writing these records.",
        report.Fixed.Count == 0
            ? "Fixed costs are left out: --environment NAME adds an environment's, shared by GB-s."
            : $"Fixed costs are shared by GB-s: {string.Join(", ", report.Fixed.Select(f => $"{Number((double)f.Quantity, "0.##")} {f.Name} {Amount(f.Amount)}"))}.",
        $"Not deducted, since the subscription shares them: a month's first {Tables.Count(prices.Functions.ExecutionTime.Free)} GB-s and {Tables.Count(prices.Functions.Executions.Free)} executions on demand. Data kept, logs, the host's own polling and taxes are not in it: see docs/cost.md.",
        .. Unpriced(prices, kept: false),
        .. Unreliable(prices, kept: false),
    ];

    static IEnumerable<string> Unpriced(PriceList prices, bool kept) =>
        Concerned(prices, kept).Where(p => p.Price.Amount is null).Select(p => p.Name).ToList() is { Count: > 0 } names ? [$"Not priced, because the price list does not know: {string.Join(", ", names)}."] : [];

    static IEnumerable<string> Unreliable(PriceList prices, bool kept) =>
        Concerned(prices, kept).Where(p => p.Price.Status is PriceStatus.Unverified).Select(p => p.Name).ToList() is { Count: > 0 } names ? [$"Prices to be looked up before they are relied on: {string.Join(", ", names)}."] : [];

    // Reports and estimates leave the cooler tiers out.
    static IEnumerable<(string Name, Price Price)> Concerned(PriceList prices, bool kept) =>
        prices.All().Where(p => !p.Name.StartsWith("storageTiers.", StringComparison.Ordinal) || (kept && p.Name == "storageTiers.hot"));

    static string Word(CostPart part) => part switch
    {
        CostPart.Compute => "time at work",
        CostPart.Executions => "executions",
        CostPart.Storage => "requests to storage",
        CostPart.Events => "events",
        CostPart.Orchestration => "messages of the task scheduler",
        CostPart.Network => "data through private endpoints and NAT",
        _ => "data to sources",
    };

    static string Amount(decimal? amount) => amount is { } known ? Number((double)known, "0.00") : "not priced";

    static string Money(decimal amount) => amount.ToString("0.000000", CultureInfo.InvariantCulture);

    static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
