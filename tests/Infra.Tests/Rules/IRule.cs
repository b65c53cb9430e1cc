using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Something that must hold for every deployment.</summary>
internal interface IRule
{
    /// <summary>What is broken: one sentence for each, with the resource and what to do.</summary>
    IEnumerable<string> Check(Deployment deployment);
}
