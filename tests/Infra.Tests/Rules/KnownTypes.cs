using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Only types that somebody looked up, so that no rule passes over a new one.</summary>
internal sealed class KnownTypes : IRule
{
    public IEnumerable<string> Check(Deployment deployment) =>
        deployment.Resources.Where(r => ResourceKinds.Find(r.Type) is null)
            .Select(r => $"{r} is of a type that {nameof(ResourceKinds)} does not know: add it there with its limits, and whether it has tags, diagnostics and public access.");
}
