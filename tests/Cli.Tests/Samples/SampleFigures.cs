using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace DataIngestion.Cli.Tests.Samples;

/// <summary>The samples read in the simplest way there is, to hold them against what their README says.</summary>
internal static class SampleFigures
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Find(AppContext.BaseDirectory)!, "samples");

    /// <summary>Bars of CSV files by day and symbol; the value is open, high, low, close, volume.</summary>
    public static Dictionary<(string Date, string Symbol), decimal[]> Csv(params string[] files) =>
        files.SelectMany(f => File.ReadLines(Path.Combine(Folder, f)).Skip(1))
            .Select(l => l.Split(','))
            .ToDictionary(f => (f[0], f[1]), f => f[2..].Select(v => decimal.Parse(v, CultureInfo.InvariantCulture)).ToArray());

    public static Dictionary<(string Date, string Symbol), decimal[]> Json(params string[] files) =>
        files.SelectMany(f => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, f))).RootElement.GetProperty("data").GetProperty("bars").EnumerateArray())
            .ToDictionary(
                b => (b.GetProperty("t").GetString()!, b.GetProperty("sym").GetString()!),
                b => new[] { "o", "h", "l", "c", "v" }.Select(n => b.GetProperty(n).GetDecimal()).ToArray());

    /// <summary>Rates by day and currency.</summary>
    public static Dictionary<(string Date, string Currency), decimal> RatesOfXml(params string[] files) =>
        files.SelectMany(f => XDocument.Load(Path.Combine(Folder, f)).Descendants().Where(e => e.Attribute("currency") is not null))
            .ToDictionary(e => (e.Parent!.Attribute("time")!.Value, e.Attribute("currency")!.Value), e => decimal.Parse(e.Attribute("rate")!.Value, CultureInfo.InvariantCulture));

    public static Dictionary<(string Date, string Currency), decimal> RatesOfCsv(params string[] files) =>
        files.SelectMany(f => File.ReadLines(Path.Combine(Folder, f)).Skip(1))
            .Select(l => l.Split(','))
            .ToDictionary(f => (f[6], f[2]), f => decimal.Parse(f[7], CultureInfo.InvariantCulture));
}
