using System.Text.Json.Serialization;
using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Shipping.Smoke;

/// <summary>What one check found.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Detail">What was looked at.</param>
/// <param name="Faults">What is wrong; empty when nothing is.</param>
internal sealed record SmokeOutcome(string Check, string Detail, IReadOnlyList<string> Faults)
{
    /// <summary>Whether the checks behind this one would only fail for the same reason.</summary>
    [JsonIgnore]
    public bool Ends { get; init; }
}

/// <summary>Where the platform's two apps answer; the same where both stand behind one address.</summary>
internal sealed record SmokeClients(PlatformClient Agents, PlatformClient Orchestrators);
