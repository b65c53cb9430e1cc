using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Every resource that takes tags says what it belongs to, for costs and for people.</summary>
internal sealed class Tagged : IRule
{
    static readonly string[] Wanted = ["workload", "environment"];

    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var resource in deployment.Resources.Where(r => ResourceKinds.Find(r.Type) is { IsTagged: true }))
        {
            var tags = resource["tags"] as JsonObject ?? [];
            foreach (var tag in Wanted.Where(t => string.IsNullOrEmpty(tags[t]?.ToString())))
                yield return $"{resource} has no tag '{tag}'; pass 'tags' to its module and set tags: tags.";
            if (tags["environment"]?.ToString() is { } environment && environment != deployment.Environment)
                yield return $"{resource} says that it belongs to '{environment}' but is deployed to {deployment.Environment}.";
        }
    }
}
