using DataIngestion.Contracts;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>A step failed and the fetch-retry agent advised against trying it again.</summary>
internal sealed class StepGaveUpException(string step, Failure failure, RetryDecision decision)
    : Exception($"{step}: {failure.Message} {decision.Reason}")
{
    public string Step { get; } = step;

    public Failure Failure { get; } = failure;

    public RetryDecision Decision { get; } = decision;
}
