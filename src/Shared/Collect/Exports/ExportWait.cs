using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// How long to wait before a job is asked after again. A short wait is waited for; a long one ends the attempt with a failure that says
/// when to go on, so that the queue waits and not a worker. The older a job, the longer it is left alone: a tenth of its age.
/// </summary>
internal sealed class ExportWait(ExportDefinition export)
{
    /// <summary>The longest wait that a worker is held for.</summary>
    public static readonly TimeSpan Held = TimeSpan.FromSeconds(30);

    /// <summary>Time in which a job that was just submitted may not be known yet.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Time until the next question.</summary>
    /// <param name="submittedAt">When the job was submitted.</param>
    /// <param name="answer">The answer that it is not done.</param>
    /// <exception cref="StepFailedException">That is long (<c>export-pending</c>), or the job takes longer than the definition gives it (<c>export-timeout</c>).</exception>
    public TimeSpan Next(DateTimeOffset submittedAt, PageNote answer)
    {
        var age = answer.KnownAt - submittedAt;
        if (age > export.Timeout)
        {
            throw new StepFailedException(new()
            {
                Code = "export-timeout",
                Message = $"{answer.Name}: the job that was submitted at {submittedAt:u} is not done after {Duration.Format(export.Timeout)}. The next attempt asks after the same job; give it a longer 'timeout' if that is usual.",
                IsTransient = true,
            });
        }

        var wait = Max(export.Every, Max(age / 10, AskedFor(answer)));
        wait = wait < Longest ? wait : Longest;
        return wait <= Held ? wait : throw new StepFailedException(new()
        {
            Code = "export-pending",
            Message = $"{answer.Name}: the source is at work on the job that was submitted at {submittedAt:u}; it is asked after again in {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)))}.",
            IsTransient = true,
            IsWaiting = true,
            RetryNotBefore = answer.KnownAt + wait,
        });
    }

    static TimeSpan AskedFor(PageNote answer) => answer.Headers.GetValueOrDefault("Retry-After") switch
    {
        { } text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds => TimeSpan.FromSeconds(seconds),
        { } text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at - answer.KnownAt,
        _ => TimeSpan.Zero,
    };

    static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
