namespace DataIngestion.Infra.Tests.Tables;

/// <summary>A setting that a deployed app may have.</summary>
/// <param name="Name">Its name; a colon in the code is two underscores here.</param>
/// <param name="Services">The apps that read it.</param>
/// <param name="Reader">Who reads it.</param>
internal sealed record AppSetting(string Name, string[] Services, string Reader)
{
    /// <summary>The app does not work without it; otherwise it has a default.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Only where the Durable Task Scheduler keeps the history.</summary>
    public bool NeedsScheduler { get; init; }

    /// <summary>What it has to say, where only one value is right.</summary>
    public string? Value { get; init; }
}
