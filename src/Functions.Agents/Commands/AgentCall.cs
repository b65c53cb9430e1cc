using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Commands;

/// <summary>One command as its handler sees it.</summary>
/// <param name="command">The command, with its arguments in place.</param>
/// <param name="service">The agent's service name, the source of its events.</param>
/// <param name="time">Stamps events.</param>
public sealed class AgentCall(AgentCommand command, string service, TimeProvider time)
{
    readonly List<LifecycleEvent> _events = [];

    /// <summary>Run id.</summary>
    public string Run => command.Run;

    /// <summary>Bytes that the command put into landing, for the record of what it used.</summary>
    public long BytesLanded { get; set; }

    /// <summary>The events raised so far, in order.</summary>
    internal IReadOnlyList<LifecycleEvent> Events => _events;

    /// <summary>The command's arguments.</summary>
    /// <exception cref="UnreadableMessageException">They are missing or of another shape.</exception>
    public T ArgumentsAs<T>()
    {
        try
        {
            return command.Arguments is { ValueKind: JsonValueKind.Object } arguments
                ? arguments.Deserialize<T>(ContractJson.Options)!
                : throw new UnreadableMessageException($"The command '{command.Id}' has no arguments: expected a {typeof(T).Name}.");
        }
        catch (JsonException fault)
        {
            throw new UnreadableMessageException($"The arguments of '{command.Id}' are not a {typeof(T).Name}: {fault.Message}", fault);
        }
    }

    /// <summary>Raises a lifecycle event, published when the command has ended. Its id follows from the run and <paramref name="cause"/>, so doing the command again repeats the same event.</summary>
    /// <param name="type">See <see cref="LifecycleEventTypes"/>.</param>
    /// <param name="cause">What tells it from other events of its type in this run.</param>
    /// <param name="data">Serialised as JSON.</param>
    public void Raise(string type, string cause, object data) =>
        _events.Add(LifecycleEvent.Create(type, service, command.Run, cause, time.GetUtcNow(), data));
}

/// <summary>Does one kind of command.</summary>
/// <returns>The result, of the type that belongs to the kind.</returns>
public delegate Task<object> CommandHandler(AgentCall call, CancellationToken cancellationToken);
