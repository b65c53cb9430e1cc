namespace DataIngestion.Cli.Demo;

/// <summary>The row that the demo asks about.</summary>
internal static class DemoQuestion
{
    /// <summary>Three vendors have this day; one of them says another close.</summary>
    public static (string Dataset, IReadOnlyDictionary<string, string> Key) Disputed { get; } =
        ("daily-bars", new Dictionary<string, string>(StringComparer.Ordinal) { ["date"] = "2019-11-15", ["symbol"] = "AAPL" });
}
