using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>What happens in a resource can be read in the workspace.</summary>
internal sealed class Diagnosed : IRule
{
    public IEnumerable<string> Check(Deployment deployment)
    {
        var workspaces = deployment.OfType("Microsoft.OperationalInsights/workspaces").Select(w => w.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var settings = deployment.OfType("Microsoft.Insights/diagnosticSettings").ToLookup(s => s.Scope!, StringComparer.OrdinalIgnoreCase);

        foreach (var resource in deployment.Resources.Where(r => ResourceKinds.Find(r.Type) is { IsDiagnosed: true }))
        {
            if (!settings[resource.Id].Any())
                yield return $"{resource} has no diagnostic setting; add Microsoft.Insights/diagnosticSettings with scope: to it and workspaceId.";
        }

        foreach (var setting in settings.SelectMany(s => s))
        {
            if (setting.Text("properties.workspaceId") is not { } workspace || !workspaces.Contains(workspace))
                yield return $"{setting} on {setting.Scope} sends to '{setting.Text("properties.workspaceId") ?? "nothing"}', which is no workspace of this deployment.";
            if (!setting.List("properties.logs").Concat(setting.List("properties.metrics")).Any(c => c["enabled"]?.ToString() == "true"))
                yield return $"{setting} on {setting.Scope} sends no log and no metric.";
        }
    }
}
