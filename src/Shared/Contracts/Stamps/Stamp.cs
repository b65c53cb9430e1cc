using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Contracts;

/// <summary>One deployed version of the platform: its two apps with queues and a task hub of their own. Stamps share the lake.</summary>
/// <param name="Name">Its name, e.g. <c>blue</c>; where no setting names it, <c>local</c>.</param>
/// <param name="Version">The version of its code.</param>
/// <param name="Share">The sources whose schedules it follows.</param>
public sealed record Stamp(string Name, string Version, ScheduleShare Share)
{
    /// <summary>The setting that holds its name, as configuration sees it.</summary>
    public const string Setting = "Ingestion:Stamp";

    /// <summary>The name of a stamp that no setting names.</summary>
    public const string Local = "local";

    /// <summary>The stamp that this process belongs to.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static Stamp Read(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var name = settings[Setting] is { Length: > 0 } named ? named : Local;
        if (!ConfigurationId.IsValid(name))
            throw new InvalidOperationException($"Ingestion__Stamp is '{name}': expected {ConfigurationId.Rule}.");
        try
        {
            return new(name, CurrentVersion, ScheduleShare.Parse(settings[ScheduleShare.Setting]));
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"Ingestion__ScheduleShare: {wrong.Message}", wrong);
        }
    }

    static string CurrentVersion =>
        typeof(Stamp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
