using System.Net;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Subnets lie inside their network and apart from each other; those with private endpoints or open doors have rules.</summary>
internal sealed class SubnetsFit : IRule
{
    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var network in deployment.OfType("Microsoft.Network/virtualNetworks"))
        {
            var spaces = network.List("properties.addressSpace.addressPrefixes").Select(p => IPNetwork.Parse(p.ToString())).ToArray();
            var subnets = network.List("properties.subnets").Select(s => (Name: s["name"]!.ToString(), Properties: s["properties"]))
                .Concat(deployment.OfType("Microsoft.Network/virtualNetworks/subnets").Where(s => s.Parent == network.Id).Select(s => (Name: s.Leaf, Properties: s["properties"])))
                .Select(s => (s.Name, Prefix: IPNetwork.Parse((s.Properties!["addressPrefix"] ?? s.Properties["addressPrefixes"]![0])!.ToString()), Guarded: s.Properties["networkSecurityGroup"] is not null))
                .ToArray();

            foreach (var (name, prefix, guarded) in subnets)
            {
                if (!spaces.Any(s => s.Contains(prefix.BaseAddress) && s.PrefixLength <= prefix.PrefixLength))
                    yield return $"{network}: the subnet '{name}' ({prefix}) does not lie inside {string.Join(", ", spaces)}.";
                if (!guarded)
                    yield return $"{network}: the subnet '{name}' has no network security group.";
            }

            foreach (var (first, second) in subnets.SelectMany((s, i) => subnets.Skip(i + 1).Select(t => (s, t))))
            {
                if (first.Prefix.Contains(second.Prefix.BaseAddress) || second.Prefix.Contains(first.Prefix.BaseAddress))
                    yield return $"{network}: the subnets '{first.Name}' ({first.Prefix}) and '{second.Name}' ({second.Prefix}) overlap.";
            }
        }
    }
}
