using Polly;

namespace DataIngestion.Connect;

/// <summary>Lets an attempt through when it is its turn, and says when it has ended.</summary>
/// <param name="take">Waits for the turn.</param>
/// <param name="ended">Called after an attempt that had its turn, with what it took of the quota, if there is one, and its fault.</param>
internal sealed class TurnStrategy(Func<ResilienceContext, ValueTask<QuotaUse?>> take, Action<QuotaUse?, Exception?> ended) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        QuotaUse? use;
        try
        {
            use = await take(context);
        }
        catch (Exception refused) // outcomes carry exceptions here
        {
            return Outcome.FromException<TResult>(refused);
        }

        var outcome = await callback(context, state);
        ended(use, outcome.Exception);
        return outcome;
    }

    /// <summary>It has none.</summary>
    internal sealed class Options : ResilienceStrategyOptions;
}
