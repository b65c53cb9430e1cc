using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Orchestrators.Asking;

namespace DataIngestion.Orchestrators.Tests.Simulation;

/// <summary>Agents that answer every command kind from a delegate, and remember what they were asked.</summary>
internal sealed class Agents
{
    static readonly LakePath Somewhere = new(Containers.Landing, "somewhere/manifest.json");

    readonly Hub _hub;
    readonly Dictionary<string, int> _asked = [];

    public Agents(Hub hub)
    {
        _hub = hub;
        hub.Activities[nameof(SendCommand)] = Send;
        hub.Activities[nameof(FindCommand)] = _ => new CommandSighting(null, null);
        hub.Activities[nameof(ReadCursor)] = _ => "2026-02-27";
        hub.Activities[nameof(CommitCursor)] = input => Note($"commit {Hub.Read<CursorCommit>(input).To}", true);
        hub.Activities[nameof(DiscardCurated)] = _ => Note("discard", 1);
        hub.Activities[nameof(AnnounceRun)] = input => Note($"announce {Hub.Read<RunAnnouncement>(input).Type}", null);
        Answers[CommandKinds.Connect] = (_, _) => new ConnectResult("http://vendor/", "200", TimeSpan.Zero);
        Answers[CommandKinds.Collect] = (_, _) => new CollectResult { Manifest = Somewhere, Artefacts = 2, Bytes = 100, Requests = 3, Retries = 1, NextCursor = "2026-03-01" };
        Answers[CommandKinds.LandFile] = (_, _) => new CollectResult { Manifest = Somewhere, Artefacts = 1, Bytes = 100 };
        Answers[CommandKinds.Convert] = (_, _) => new ConvertResult { Manifest = Somewhere, RowsIn = 10, RowsOut = 9, RowsQuarantined = 1 };
        Answers[CommandKinds.CheckQuality] = (_, _) => new QualityResult(97, true, []);
        Answers[CommandKinds.Merge] = (_, _) => new MergeResult { Snapshot = Somewhere, RowsIn = 9, RowsOut = 6, RowsMergedAway = 3 };
        Answers[CommandKinds.Withdraw] = (_, _) => new WithdrawResult(true, null);
        Answers[CommandKinds.DecideRetry] = (_, _) => new RetryDecision { Action = RetryAction.DeadLetter, DeadLetter = "letter-1", Reason = "It will not get better." };
    }

    /// <summary>What an agent answers to the n-th command of a kind, from 1: a result or a <see cref="Failure"/>; null for no answer at all.</summary>
    public Dictionary<string, Func<AgentCommand, int, object?>> Answers { get; } = [];

    /// <summary>Command ids, commits, undos and announcements in order.</summary>
    public List<string> Log { get; } = [];

    object? Send(JsonElement input)
    {
        var command = Hub.Read<CommandToSend>(input).Command;
        Log.Add(command.Id);
        var times = _asked[command.Kind] = _asked.GetValueOrDefault(command.Kind) + 1;
        if (Answers[command.Kind](command, times) is { } answer)
            _hub.After(TimeSpan.FromMilliseconds(200), () => _hub.Context!.Deliver(command.Id, ReplyOf(command.Id, answer)));
        return null;
    }

    public static AgentReply ReplyOf(string commandId, object answer) => answer is Failure failure
        ? new() { CommandId = commandId, Failure = failure }
        : new() { CommandId = commandId, Result = JsonSerializer.SerializeToElement(answer, answer.GetType(), ContractJson.Options) };

    object? Note(string what, object? answer)
    {
        Log.Add(what);
        return answer;
    }
}
