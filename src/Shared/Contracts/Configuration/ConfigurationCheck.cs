namespace DataIngestion.Contracts;

/// <summary>
/// A check over the whole configuration by a capability that knows more than Contracts does (cron expressions, formats, secrets).
/// Register it as a singleton; <see cref="ConfigurationLoader"/> runs it after its own checks and finds the line for each finding.
/// A file that the capability reads itself has its faults thrown as a <see cref="ConfigurationException"/>; they are reported with the others.
/// </summary>
/// <param name="configuration">Every definition that could be read; parts with faults of their own are left out.</param>
public delegate IEnumerable<ConfigurationFinding> ConfigurationCheck(PlatformConfiguration configuration);

/// <summary>One thing that a check found wrong.</summary>
/// <param name="Subject">The object of the configuration that is wrong, as it hangs in the <see cref="PlatformConfiguration"/>; found again by reference.</param>
/// <param name="Path">Where in the subject: property names, indexes and keys, such as <c>Schedule.Cron</c> or <c>Datasets[0].Columns[close]</c>; empty for the subject itself. The deepest part that the file holds gives the line.</param>
/// <param name="Message">What was expected.</param>
public sealed record ConfigurationFinding(object Subject, string Path, string Message);
