using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>What a property of every resource of a type has to say.</summary>
/// <param name="Type">The type.</param>
/// <param name="Path">The property.</param>
/// <param name="Allowed">Values that are right; "absent" for a property that must not be there.</param>
/// <param name="Reason">Why.</param>
internal sealed record Requirement(string Type, string Path, string[] Allowed, string Reason)
{
    const string Absent = "absent";

    /// <summary>The resources that break it.</summary>
    public IEnumerable<string> Check(Deployment deployment) =>
        deployment.OfType(Type)
            .Where(r => !Allowed.Contains(r.Text(Path) ?? Absent, StringComparer.OrdinalIgnoreCase))
            .Select(r => $"{r}: {Path} is '{r.Text(Path) ?? Absent}' but has to be {string.Join(" or ", Allowed.Select(a => $"'{a}'"))}: {Reason}");
}
