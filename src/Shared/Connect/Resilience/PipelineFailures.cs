using DataIngestion.Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace DataIngestion.Connect;

/// <summary>What it means when a pipeline lets nothing through.</summary>
internal static class PipelineFailures
{
    /// <summary>Whether an exception is a pipeline's own.</summary>
    public static bool IsOne(Exception fault) => fault is TimeoutRejectedException or BrokenCircuitException or RateLimiterRejectedException;

    /// <summary>The failure behind a pipeline's own exception.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="display">What was asked.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="attempts">Attempts that were made.</param>
    /// <param name="now">The time.</param>
    public static StepFailedException Of(Exception fault, string display, SourcePipeline pipeline, int attempts, DateTimeOffset now) => fault switch
    {
        TimeoutRejectedException late => new(
            new()
            {
                Code = "timeout",
                Message = $"{display} did not answer within {late.Timeout} ({attempts} attempt{(attempts == 1 ? "" : "s")}).",
                IsTransient = true,
                ErrorType = nameof(TimeoutException),
            },
            late),
        BrokenCircuitException open => new(
            new()
            {
                Code = "source-unavailable",
                Message = $"{display} was not asked: the source '{pipeline.Source}' has failed too often and is left alone for a while.",
                IsTransient = true,
                RetryNotBefore = now + (open.RetryAfter ?? pipeline.Limits.BreakerDuration),
            },
            open),
        RateLimiterRejectedException refused => new(
            new()
            {
                Code = "rate-limited",
                Message = $"{display} was not asked: its turn within the rate limit of the source '{pipeline.Source}' comes after the request's total timeout.",
                IsTransient = true,
                RetryNotBefore = refused.RetryAfter is { } wait ? now + wait : null,
            },
            refused),
        _ => throw new ArgumentException("It is none of a pipeline's own.", nameof(fault), fault),
    };
}
