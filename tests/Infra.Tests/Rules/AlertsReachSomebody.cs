using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Every alert is enabled and calls an action group of this deployment, and in production a group reaches somebody.</summary>
internal sealed class AlertsReachSomebody : IRule
{
    static readonly Dictionary<string, string> Actions = new()
    {
        ["Microsoft.Insights/metricAlerts"] = "properties.actions",
        ["Microsoft.Insights/scheduledQueryRules"] = "properties.actions.actionGroups",
        ["Microsoft.Insights/activityLogAlerts"] = "properties.actions.actionGroups",
        ["Microsoft.AlertsManagement/smartDetectorAlertRules"] = "properties.actionGroups.groupIds",
        ["Microsoft.Consumption/budgets"] = "properties.notifications",
        ["Microsoft.EventGrid/systemTopics/eventSubscriptions"] = "properties.destination.properties.actionGroups",
    };

    static readonly string[] Receivers = ["emailReceivers", "smsReceivers", "webhookReceivers", "armRoleReceivers", "azureAppPushReceivers", "logicAppReceivers", "voiceReceivers", "eventHubReceivers", "azureFunctionReceivers", "automationRunbookReceivers", "itsmReceivers"];

    public IEnumerable<string> Check(Deployment deployment)
    {
        var groups = deployment.OfType("Microsoft.Insights/actionGroups").ToDictionary(g => g.Id, StringComparer.OrdinalIgnoreCase);

        foreach (var (type, path) in Actions)
        {
            foreach (var alert in deployment.OfType(type).Where(IsAlert))
            {
                var named = GroupsIn(alert[path]).ToArray();
                if (named.Length == 0)
                    yield return $"{alert} calls no action group; bind it to one of {string.Join(", ", groups.Values.Select(g => g.Name))}.";
                foreach (var stranger in named.Where(n => !groups.ContainsKey(n)))
                    yield return $"{alert} calls '{stranger}', which is no action group of this deployment.";
                if (alert.Text("properties.enabled") == "false")
                    yield return $"{alert} is switched off.";
            }
        }

        foreach (var group in groups.Values)
        {
            if (group.Text("properties.groupShortName") is not { Length: > 0 and <= 12 })
                yield return $"{group}: groupShortName '{group.Text("properties.groupShortName")}' has to have 1 to 12 characters.";
            if (deployment.IsProduction && !Receivers.Any(r => group.List($"properties.{r}").Any()))
                yield return $"{group} reaches nobody in {deployment.Environment}; give alertEmails.";
        }
    }

    // Of subscriptions to events, those that make an alert of each.
    static bool IsAlert(AzureResource resource) =>
        !resource.Type.Equals("Microsoft.EventGrid/systemTopics/eventSubscriptions", StringComparison.OrdinalIgnoreCase) || resource.Text("properties.destination.endpointType") == "MonitorAlert";

    static IEnumerable<string> GroupsIn(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => GroupsIn(p.Value)),
        JsonArray list => list.SelectMany(GroupsIn),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Contains("/actionGroups/", StringComparison.OrdinalIgnoreCase) => [value.GetValue<string>()],
        _ => [],
    };
}
