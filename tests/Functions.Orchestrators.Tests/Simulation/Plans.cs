using DataIngestion.Contracts;

namespace DataIngestion.Orchestrators.Tests.Simulation;

internal static class Plans
{
    public const string Run = "vendor-20260302T090000Z-abc123";

    public static readonly DatasetDefinition Bars = new()
    {
        Dataset = "bars",
        Keys = ["symbol"],
        Columns = new Dictionary<string, ColumnDefinition> { ["symbol"] = new() { Type = ColumnKind.String } },
    };

    public static IngestionPlan Api(string source = "vendor") => Of(new()
    {
        Source = source,
        Kind = SourceKind.Api,
        Connection = new() { BaseUrl = "https://vendor.example" },
        Datasets = [new() { Dataset = "bars", Request = new() { Path = "/bars" } }],
    });

    public static IngestionPlan File(string pattern = "*.csv") => Of(new()
    {
        Source = "vendor",
        Kind = SourceKind.File,
        Datasets = [new() { Dataset = "bars", Files = pattern }],
    });

    public static IngestionPlan Of(SourceDefinition source) => new()
    {
        Request = new() { Run = Run, Source = source.Source },
        Source = source,
        Workflow = new() { Workflow = "test", For = source.Kind, Heartbeat = TimeSpan.FromSeconds(10) },
        Datasets = new Dictionary<string, DatasetDefinition> { ["bars"] = Bars },
    };
}
