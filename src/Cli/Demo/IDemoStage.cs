using DataIngestion.Govern;

namespace DataIngestion.Cli.Demo;

/// <summary>How the demo shows what happens: for people with or without a terminal, or for programs.</summary>
internal interface IDemoStage
{
    /// <summary>Something begins.</summary>
    void Announce(string text);

    /// <summary>Shows the progress of work until it is done.</summary>
    /// <param name="work">Does the work and tells about it.</param>
    Task FollowAsync(Func<Action<IReadOnlyList<SourceProgress>>, Task> work);

    /// <summary>A round is over.</summary>
    void Show(IReadOnlyList<SourceSummary> round);

    /// <summary>What the datasets hold.</summary>
    void Show(IReadOnlyList<DatasetSummary> datasets);

    /// <summary>One row with its origin.</summary>
    void Show(string command, WhyAnswer answer);

    /// <summary>The end.</summary>
    void Close(DemoVerdict verdict);
}

/// <summary>How the demo went.</summary>
/// <param name="Faults">What is wrong; empty when all is well.</param>
/// <param name="Seconds">Duration in all.</param>
/// <param name="Data">Where the data lies.</param>
/// <param name="LogFile">Where the platform logged.</param>
internal sealed record DemoVerdict(IReadOnlyList<string> Faults, double Seconds, string Data, string LogFile);
