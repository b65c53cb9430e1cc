using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Observe.Tests;

public sealed partial class MetricsExporterTests : IDisposable
{
    // Listeners hear all meters of the process: every test has names of its own.
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MetricsExporter _exporter;
    readonly string _own = $"t{Guid.NewGuid():n}";

    public MetricsExporterTests() => _exporter = new(Meters);

    IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        _exporter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_counter_is_a_total_with_its_unit_help_and_labels()
    {
        var counter = Meters.Create("DataIngestion.Merge").CreateCounter<long>($"{_own}.bytes-read", "By", "Bytes\nread \\ so far.");
        counter.Add(3, new("source", "a\"b\\c\nd"), new("data.kind", true));
        counter.Add(4, new("data.kind", true), new("source", "a\"b\\c\nd"));
        counter.Add(1);

        Assert.Equal(
            [
                $"# HELP {_own}_bytes_read_bytes_total Bytes\\nread \\\\ so far.",
                $"# TYPE {_own}_bytes_read_bytes_total counter",
                $$"""{{_own}}_bytes_read_bytes_total{service="data-merger"} 1""",
                $$"""{{_own}}_bytes_read_bytes_total{service="data-merger",data_kind="true",source="a\"b\\c\nd"} 7""",
            ],
            await LinesAsync(Services.DataMerger));
    }

    [Fact]
    public async Task A_histogram_counts_into_buckets_that_add_up()
    {
        var meter = Meters.Create("DataIngestion.Merge");
        var advised = meter.CreateHistogram($"{_own}.rows", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 100] });
        foreach (var rows in (long[])[1, 10, 11, 100, 5_000])
            advised.Record(rows, new KeyValuePair<string, object?>("le", "x"));

        Assert.Equal(
            [
                $"# TYPE {_own}_rows histogram",
                $$"""{{_own}}_rows_bucket{service="data-merger",exported_le="x",le="10"} 2""",
                $$"""{{_own}}_rows_bucket{service="data-merger",exported_le="x",le="100"} 4""",
                $$"""{{_own}}_rows_bucket{service="data-merger",exported_le="x",le="+Inf"} 5""",
                $$"""{{_own}}_rows_sum{service="data-merger",exported_le="x"} 5122""",
                $$"""{{_own}}_rows_count{service="data-merger",exported_le="x"} 5""",
            ],
            await LinesAsync(Services.DataMerger));
    }

    [Fact]
    public async Task Gauges_and_observed_values_are_what_they_are_now()
    {
        var meter = Meters.Create("DataIngestion.Merge");
        var level = 5.5;
        var there = true;
        meter.CreateObservableGauge($"{_own}.level", () => there ? [new Measurement<double>(level)] : Array.Empty<Measurement<double>>());
        meter.CreateObservableCounter($"{_own}.seen", () => 7);
        var gauge = meter.CreateGauge<int>($"{_own}.set", "1");
        var open = meter.CreateUpDownCounter<int>($"{_own}.open");
        gauge.Record(3);
        gauge.Record(2);
        open.Add(3);
        open.Add(-1);

        Assert.Equal(["level", "open", "seen_total", "set_ratio"], Names(await LinesAsync(Services.DataMerger)));
        Assert.Equal(["5.5", "2", "7", "2"], Values(await LinesAsync(Services.DataMerger)));
        level = double.PositiveInfinity;
        Assert.Equal(["+Inf", "2", "7", "2"], Values(await LinesAsync(Services.DataMerger)));
        there = false;
        Assert.Equal(["open", "seen_total", "set_ratio"], Names(await LinesAsync(Services.DataMerger)));
    }

    [Fact]
    public async Task A_capability_is_shown_by_its_service_a_tag_overrules_and_the_rest_is_shown_by_all()
    {
        Meters.Create("DataIngestion.Retry").CreateCounter<int>($"{_own}.owned").Add(1);
        Meters.Create("DataIngestion.Retry").CreateCounter<int>($"{_own}.tagged").Add(1, new KeyValuePair<string, object?>("service", Services.ApiManager));
        Meters.Create("DataIngestion.Storage").CreateCounter<int>($"{_own}.shared").Add(1);
        Meters.Create("Somebody.Else").CreateCounter<int>($"{_own}.foreign").Add(1);

        Assert.Equal(["owned_total", "shared_total"], Names(await LinesAsync(Services.DataFetchRetry)));
        Assert.Equal(["shared_total", "tagged_total"], Names(await LinesAsync(Services.ApiManager)));
        Assert.Equal(["shared_total"], Names(await LinesAsync(Services.DataMerger)));
    }

    [Fact]
    public async Task Too_many_labels_are_counted_together_and_nothing_is_lost()
    {
        var counter = Meters.Create("DataIngestion.Merge").CreateCounter<long>($"{_own}.many");
        Parallel.For(0, 4_000, i => counter.Add(1, new KeyValuePair<string, object?>("id", i % 2_000)));

        var lines = (await LinesAsync(Services.DataMerger)).Where(l => !l.StartsWith('#')).ToList();

        Assert.Equal(MetricFamily.MaxSeries + 1, lines.Count);
        Assert.Equal(4_000, Values(lines).Sum(v => long.Parse(v, CultureInfo.InvariantCulture)));
        Assert.Single(lines, l => l.Contains("overflow=\"true\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_hosts_in_one_process_add_up()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Meters.Create("DataIngestion.Merge").CreateCounter<int>($"{_own}.runs").Add(1);
        other.GetRequiredService<IMeterFactory>().Create("DataIngestion.Merge").CreateCounter<int>($"{_own}.runs").Add(2);

        Assert.Equal(["3"], Values(await LinesAsync(Services.DataMerger)));
    }

    [Fact]
    public async Task One_name_has_one_type()
    {
        var meter = Meters.Create("DataIngestion.Merge");
        meter.CreateHistogram<double>($"{_own}.x", "s").Record(1);
        meter.CreateGauge<double>($"{_own}.x", "s").Record(1);

        var types = (await LinesAsync(Services.DataMerger)).Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal));

        Assert.Equal([$"# TYPE {_own}_x_seconds histogram", $"# TYPE {_own}_x_seconds_gauge gauge"], types);
    }

    [Fact]
    public async Task Not_a_number_does_not_spoil_a_sum()
    {
        var counter = Meters.Create("DataIngestion.Merge").CreateCounter<double>($"{_own}.sum");
        counter.Add(double.NaN);
        counter.Add(0.25);

        Assert.Equal(["0.25"], Values(await LinesAsync(Services.DataMerger)));
    }

    [Fact]
    public async Task Every_line_is_of_the_text_format_and_the_process_speaks_of_itself()
    {
        var histogram = Meters.Create("DataIngestion.Merge").CreateHistogram<double>("9 odd-Näme", "ms");
        histogram.Record(3, new("ключ", "wert"), new("__name__", null), new("long", new string('x', 1_000)));

        var text = await TextAsync(Services.DataMerger);

        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Line(), line));
        Assert.Contains("process_resident_memory_bytes{service=\"data-merger\"} ", text, StringComparison.Ordinal);
        Assert.Contains("process_cpu_seconds_total{service=\"data-merger\"} ", text, StringComparison.Ordinal);
    }

    async Task<string> TextAsync(string service)
    {
        using var output = new MemoryStream();
        await _exporter.WriteAsync(service, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    async Task<List<string>> LinesAsync(string service) => (await TextAsync(service)).Split('\n').Where(l => l.Contains(_own, StringComparison.Ordinal)).ToList();

    IEnumerable<string> Names(IEnumerable<string> lines) => lines.Where(l => !l.StartsWith('#')).Select(l => l[(_own.Length + 1)..l.IndexOf('{', StringComparison.Ordinal)]);

    static IEnumerable<string> Values(IEnumerable<string> lines) => lines.Where(l => !l.StartsWith('#')).Select(l => l[(l.LastIndexOf(' ') + 1)..]);

    [GeneratedRegex("""^(# (HELP [a-zA-Z_:][\w:]* .*|TYPE [a-zA-Z_:][\w:]* (counter|gauge|histogram))|[a-zA-Z_:][a-zA-Z0-9_:]*\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+\} (NaN|[+-]Inf|-?[0-9.eE+-]+))$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Line();
}
