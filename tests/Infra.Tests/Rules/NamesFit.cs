using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Names are within Azure's limits, and no two things take each other's.</summary>
internal sealed class NamesFit : IRule
{
    // The host shortens an app's name to this many characters to tell apps apart that share a storage account.
    const int HostId = 32;

    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var resource in deployment.Resources)
        {
            if (ResourceKinds.Find(resource.Type) is not { } kind)
                continue;
            // Names that hold what only Azure knows, such as the suffix of its storage addresses.
            if (resource.Name.StartsWith('['))
                continue;
            if (kind.WhyNot(resource.Leaf) is { } reason)
                yield return $"{resource}: the name '{resource.Leaf}' {reason}. Shorten or change it where main.bicep makes it.";
        }

        foreach (var alike in deployment.OfType("Microsoft.Web/sites").GroupBy(s => s.Name.Length > HostId ? s.Name[..HostId] : s.Name).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", alike)} begin with the same {HostId} characters, so their hosts would take each other's place; put what tells them apart at the beginning.";

        foreach (var twice in deployment.Resources.GroupBy(r => r.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            yield return $"{twice.First()} is declared {twice.Count()} times.";
    }
}
