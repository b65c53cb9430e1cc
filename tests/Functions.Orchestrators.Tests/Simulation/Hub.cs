using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Tests.Simulation;

/// <summary>
/// Runs one orchestration in simulated time: activities and sub-orchestrations answer from delegates, timers fire when nothing else
/// is due, and an orchestration that waits for what will never come fails the test instead of hanging it.
/// </summary>
internal sealed class Hub
{
    static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    readonly PriorityQueue<Action, (DateTime At, long Order)> _due = new();
    long _order;

    public DateTime Now { get; private set; } = new(2026, 3, 2, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>What activities do, by name; the result passes through JSON as in the real hub.</summary>
    public Dictionary<string, Func<JsonElement, object?>> Activities { get; } = [];

    public Dictionary<string, Func<JsonElement, object?>> Orchestrators { get; } = [];

    /// <summary>Told the name of every activity and sub-orchestration when it is called.</summary>
    public Action<string> Called { get; set; } = _ => { };

    public TimeSpan ActivityTakes { get; set; } = TimeSpan.FromMilliseconds(50);

    public SimulatedContext? Context { get; private set; }

    public void After(TimeSpan delay, Action happens) => _due.Enqueue(happens, (Now + delay, _order++));

    public void At(DateTime moment, Action happens) => _due.Enqueue(happens, (moment > Now ? moment : Now, _order++));

    public T Run<T>(Func<TaskOrchestrationContext, Task<T>> orchestrator, string instanceId = "run")
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // continuations run at once, where they were completed
        try
        {
            Context = new(this, instanceId);
            var running = orchestrator(Context);
            while (!running.IsCompleted)
            {
                Assert.True(_due.TryDequeue(out var happens, out var when), "The orchestration waits for something that will never come.");
                Now = when.At;
                Assert.True(Now < new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc), "The orchestration goes on for ever.");
                happens();
            }

            return running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    internal Task<T> CallAsync<T>(Dictionary<string, Func<JsonElement, object?>> handlers, string name, object? input)
    {
        Called(name);
        var answer = new TaskCompletionSource<T>();
        var argument = JsonSerializer.SerializeToElement(input, Json);
        After(ActivityTakes, () =>
        {
            try
            {
                Assert.True(handlers.ContainsKey(name), $"'{name}' was called and is not simulated.");
                answer.SetResult(RoundTrip<T>(handlers[name](argument)));
            }
            catch (InvalidOperationException failure)
            {
                answer.SetException(new TaskFailedException(name, 1, failure));
            }
        });
        return answer.Task;
    }

    /// <summary>What a value is on the other side of the hub.</summary>
    public static T RoundTrip<T>(object? value) => JsonSerializer.SerializeToElement(value, Json).Deserialize<T>(Json)!;

    public static T Read<T>(JsonElement value) => value.Deserialize<T>(Json)!;

    public override string ToString() => Now.ToString("O", CultureInfo.InvariantCulture);
}
