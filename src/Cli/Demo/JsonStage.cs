using DataIngestion.Govern;

namespace DataIngestion.Cli.Demo;

/// <summary>The demo for programs: one JSON object a line, told apart by its one property.</summary>
internal sealed class JsonStage(CommandEnvironment environment) : IDemoStage
{
    /// <inheritdoc />
    public void Announce(string text) => environment.Error.WriteLine(text);

    /// <inheritdoc />
    public Task FollowAsync(Func<Action<IReadOnlyList<SourceProgress>>, Task> work) => work(_ => { });

    /// <inheritdoc />
    public void Show(IReadOnlyList<SourceSummary> round)
    {
        foreach (var source in round)
            environment.WriteJson(new { source });
    }

    /// <inheritdoc />
    public void Show(IReadOnlyList<DatasetSummary> datasets)
    {
        foreach (var dataset in datasets)
            environment.WriteJson(new { dataset });
    }

    /// <inheritdoc />
    public void Show(string command, WhyAnswer answer) => environment.WriteJson(new { why = answer });

    /// <inheritdoc />
    public void Close(DemoVerdict verdict) => environment.WriteJson(new { verdict });
}
