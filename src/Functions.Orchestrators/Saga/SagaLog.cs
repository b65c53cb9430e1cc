using DataIngestion.Orchestrators.Managers;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Saga;

/// <summary>
/// Remembers the steps that began and how to undo them. An undo must succeed even when its step never ran, or half ran.
/// </summary>
internal sealed class SagaLog
{
    readonly Stack<(string Step, Func<Task> Undo)> _begun = new();

    /// <summary>Runs a step whose effects can be undone.</summary>
    public async Task<T> RunAsync<T>(string step, Func<Task<T>> run, Func<Task> undo)
    {
        _begun.Push((step, undo)); // a failed step may have half happened
        return await run();
    }

    /// <summary>Undoes every step that began, last first. A step that cannot be undone does not keep the others from being undone.</summary>
    /// <returns>The steps that could not be undone, with the reason.</returns>
    public async Task<IReadOnlyList<string>> CompensateAsync()
    {
        var stuck = new List<string>();
        while (_begun.TryPop(out var begun))
        {
            try
            {
                await begun.Undo();
            }
            catch (Exception failure) when (failure is TaskFailedException or StepGaveUpException)
            {
                stuck.Add($"'{begun.Step}' could not be undone: {failure.Message}");
            }
        }

        return stuck;
    }
}
