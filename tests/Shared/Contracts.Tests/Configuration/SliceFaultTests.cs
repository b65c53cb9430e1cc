namespace DataIngestion.Contracts.Tests.Configuration;

/// <summary>Partitions and exports are checked with the rest, at the place where they stand.</summary>
public sealed class SliceFaultTests
{
    const string Alpha = "configs/sources/alpha.yaml";
    const string Place = "      query: { symbols: \"A,B\" }\n";

    [Theory]
    [InlineData("partitions: [{ name: symbol, parameter: symbol }]", 22, "a partition has exactly one of 'values', 'dates' and 'parent'.")]
    [InlineData("partitions: [{ name: symbol, values: [A] }]", 22, "nothing carries the partition 'symbol': expected a 'parameter', or a request with {symbol}.")]
    [InlineData("partitions: [{ name: page, parameter: x, values: [A] }]", 22, "'page' stands for something else in a request: expected another name.")]
    [InlineData("partitions: [{ name: s, parameter: s, values: [A, A] }]", 22, "the value 'A' is listed twice.")]
    [InlineData("partitions: [{ name: s, parameter: s, values: [A] }, { name: s, parameter: t, values: [B] }]", 22, "the partition 's' is listed twice.")]
    [InlineData("partitions: [{ name: s, parameter: s, values: [A], batch: 5 }, { name: t, parameter: t, values: [B], batch: 5 }]", 22, "at most one partition is of 'dates', and at most one is asked for in batches.")]
    [InlineData("partitions: [{ name: d, parameter: d, dates: { from: 2026-01-01 } }]", 22, "which days are done is remembered: leave the 'cursor' out, or ask by its 'step' instead of by 'dates'.")]
    [InlineData("partitions: [{ name: d, parameter: d, dates: { from: 2026-01-01, format: '%' } }]", 22, "'%' is not a pattern for days as in .NET: expected one such as yyyyMMdd.")]
    [InlineData("partitions: [{ name: d, parameter: d, dates: { from: 2026-01-01, step: month, weekdays: true } }]", 22, "'weekdays' leaves out days: expected no 'step', or 'step: day'.")]
    [InlineData("partitions: [{ name: s, parameter: s, parent: { dataset: bar, field: x } }]", 22, "there is no other dataset 'bar' in this source")]
    [InlineData("partitions: [{ name: s, parameter: s, parent: { dataset: bars, field: x } }]", 22, "the values of 'bars' come from itself (bars → bars): expected a parent that can be asked first.")]
    [InlineData("export: { jobPath: id, jobHeader: Location, statusPath: s, done: [x] }", 22, "an export needs at most one of 'jobPath' and 'jobHeader'.")]
    [InlineData("export: { jobPath: id, poll: { path: /jobs }, statusPath: s, done: [x] }", 22, "'poll' asks after a job: expected a request with {job}.")]
    [InlineData("export: { jobPath: id, statusPath: s }", 22, "'statusPath' and 'done' belong together.")]
    [InlineData("export: { jobPath: id, jobsPath: '[*]', statusPath: s, done: [x] }", 22, "'jobsPath' and 'jobsId' find a job among others, by its id: expected both")]
    [InlineData("export: { jobPath: id, partsPath: p, download: { path: /x } }", 22, "'download' fetches a part: expected a request with {part} or {job}.")]
    [InlineData("export: { jobPath: id, list: { path: /x } }", 22, "'list' needs a 'partsPath', where its answer has the parts.")]
    [InlineData("export: { jobPath: 'a[', partsPath: p }", 22, "The record path '$.a[' is not understood at character 4")]
    public void A_fault_is_reported_with_its_line(string text, int line, string expected)
    {
        using var folder = new ConfigurationFolder();
        folder.Replace(Alpha, Place, $"{Place}    {text}\n");

        Assert.Contains(folder.Faults(), f => f.StartsWith($"{Alpha}:{line}: ", StringComparison.Ordinal) && f.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Partitions_and_exports_are_read()
    {
        using var folder = new ConfigurationFolder();
        folder.Replace(
            Alpha, Place,
            Place + """
                partitions:
                  - { name: symbol, parameter: symbol, values: [A, "12"], batch: 2, separator: ";" }
                  - { name: venue, parameter: v, values: [X] }
                export:
                  jobHeader: Location
                  poll: { path: "/jobs/{job}" }
                  statusPath: state
                  done: [done]
                  every: 1m
                  timeout: 6h
                  partsPath: $.files[*].id
                  download: { path: "/files/{part}" }

            """);

        var dataset = folder.Load().Sources["alpha"].Datasets[0];

        Assert.Equal(["A", "12"], dataset.Partitions[0].Values);
        Assert.Equal((2, ";", "venue"), (dataset.Partitions[0].Batch, dataset.Partitions[0].Separator, dataset.Partitions[1].Name));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)), (dataset.Export!.Every, dataset.Export.Timeout));
    }
}
