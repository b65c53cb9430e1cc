namespace DataIngestion.Infra.Tests.Monitoring;

/// <summary>
/// The columns that queries may use: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index. Of the tables of Application Insights those of
/// a workspace, not of the component.
/// </summary>
internal static class WorkspaceTables
{
    static readonly Dictionary<string, string> Telemetry = new()
    {
        ["TimeGenerated"] = "datetime",
        ["ItemCount"] = "int",
        ["Properties"] = "dynamic",
        ["OperationId"] = "string",
        ["OperationName"] = "string",
        ["AppRoleName"] = "string",
        ["AppRoleInstance"] = "string",
        ["AppVersion"] = "string",
        ["_ResourceId"] = "string",
    };

    public static IReadOnlyDictionary<string, Dictionary<string, string>> All { get; } = new Dictionary<string, Dictionary<string, string>>
    {
        ["AppMetrics"] = new(Telemetry) { ["Name"] = "string", ["Sum"] = "real", ["Min"] = "real", ["Max"] = "real" },
        ["AppRequests"] = new(Telemetry) { ["Id"] = "string", ["Name"] = "string", ["Success"] = "bool", ["ResultCode"] = "string", ["DurationMs"] = "real", ["Url"] = "string" },
        ["AppTraces"] = new(Telemetry) { ["Message"] = "string", ["SeverityLevel"] = "int" },
        ["AzureMetrics"] = new()
        {
            ["TimeGenerated"] = "datetime",
            ["Resource"] = "string",
            ["ResourceId"] = "string",
            ["ResourceGroup"] = "string",
            ["ResourceProvider"] = "string",
            ["MetricName"] = "string",
            ["UnitName"] = "string",
            ["TimeGrain"] = "string",
            ["Total"] = "real",
            ["Average"] = "real",
            ["Maximum"] = "real",
            ["Minimum"] = "real",
            ["Count"] = "real",
        },
        ["Usage"] = new() { ["TimeGenerated"] = "datetime", ["DataType"] = "string", ["Quantity"] = "real", ["QuantityUnit"] = "string", ["IsBillable"] = "bool", ["Solution"] = "string" },
        ["_LogOperation"] = new() { ["TimeGenerated"] = "datetime", ["Category"] = "string", ["Operation"] = "string", ["Level"] = "string", ["Detail"] = "string" },
    };
}
