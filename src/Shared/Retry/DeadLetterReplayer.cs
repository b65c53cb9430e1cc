using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Puts dead letters back to work.</summary>
public sealed class DeadLetterReplayer(DeadLetterStore letters, MessageQueues queues, TimeProvider time)
{
    /// <summary>
    /// Puts a failed run's request, as a new run, or a message's original bytes back on its queue. Two people who replay the same letter at once,
    /// or one whose process dies in between, begin one run: its id comes from the letter and the number of the replay.
    /// </summary>
    /// <returns>The dead letter afterwards; null when there is none of that id.</returns>
    /// <exception cref="StepFailedException">The letter's body is gone.</exception>
    public async Task<DeadLetter?> ReplayAsync(string id, CancellationToken cancellationToken = default)
    {
        if (await letters.FindAsync(id, cancellationToken) is not { } letter)
            return null;
        var body = await letters.FindBodyAsync(id, cancellationToken) ?? throw new StepFailedException(new()
        {
            Code = "dead-letter-unreadable",
            Message = $"Dead letter {id} is listed, but 'control/dead-letters/{id}.json' is gone: ask for a new run of '{letter.Source}' instead.",
        });

        var replay = letter.Replays + 1;
        var sentAt = time.GetUtcNow();
        string? run = null;
        if (body.Request is { } request)
        {
            run = RunId.From(request.Source, letter.CreatedAt, $"dead-letter\n{id}\n{replay}");
            await queues.SendAsync(Queues.IngestionRequests, request with { Run = run, Cause = IngestionCause.Replay, RequestedAt = sentAt }, cancellationToken: cancellationToken);
        }
        else
        {
            await queues.SendRawAsync(letter.Queue!, body.Message ?? ReadOnlyMemory<byte>.Empty, cancellationToken: cancellationToken);
        }

        return await letters.MarkReplayedAsync(id, replay, sentAt, run, cancellationToken);
    }
}
