using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests.Monitoring;

public sealed partial class MetricTests
{
    public static TheoryData<string> QueryNames => [.. Query.All.Select(q => q.Name)];

    [Fact]
    public void Every_metric_is_documented_as_it_is()
    {
        var measured = Instruments.All.Values.Select(i => (i.Name, Kind(i), i.Unit ?? "")).Order();
        var documented = MetricReference.Metrics.Values.Select(m => (m.Name, m.Kind, m.Unit)).Order();

        Assert.Equal(measured, documented);
    }

    [Fact]
    public void Tags_that_are_documented_are_those_that_the_code_names()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        foreach (var metric in MetricReference.Metrics.Values)
        {
            var source = Assert.Single(sources, s => s.Contains($"\"{metric.Name}\"", StringComparison.Ordinal));
            Assert.All(metric.Tags, tag => Assert.Contains($"\"{tag}\"", source, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(QueryNames))]
    public void A_query_asks_for_metrics_and_tags_that_there_are(string name)
    {
        var query = Query.All.Single(q => q.Name == name);
        var metrics = DottedName().Matches(query.Text).Select(m => m.Groups[1].Value).ToList();
        Assert.All(metrics, m => Assert.Contains(m, MetricReference.Metrics.Keys));

        // The lists of sources and datasets to choose from are those of all metrics.
        var tags = (metrics.Count > 0 ? metrics.Select(m => MetricReference.Metrics[m]) : MetricReference.Metrics.Values).SelectMany(m => m.Tags).ToHashSet();
        Assert.All(Property().Matches(query.Text), p => Assert.Contains(p.Groups[1].Value + p.Groups[2].Value, tags));
        if (query.Text.Contains("AppMetrics", StringComparison.Ordinal) && metrics.Count == 0)
            Assert.Contains("isnotempty(Properties.", query.Text, StringComparison.Ordinal);
    }

    static string Kind(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() switch
    {
        var t when t == typeof(Histogram<>) => "histogram",
        var t when t == typeof(Counter<>) || t == typeof(ObservableCounter<>) => "counter",
        _ => "gauge",
    };

    [GeneratedRegex("\"([a-z_]+(?:\\.[a-z_]+)+)\"", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DottedName();

    [GeneratedRegex("Properties(?:\\.(\\w+)|\\[\"(\\w+)\"\\])", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Property();
}
