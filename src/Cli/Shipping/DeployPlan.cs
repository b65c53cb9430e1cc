namespace DataIngestion.Cli.Shipping;

/// <summary>What a deployment makes of an environment.</summary>
/// <param name="Stamp">The stamp that gets the packages.</param>
/// <param name="Stamps">All stamps with their shares afterwards.</param>
/// <param name="Active">The active stamp afterwards.</param>
internal sealed record DeployPlan(string Stamp, IReadOnlyList<StampShare> Stamps, string Active)
{
    /// <summary>Works it out from what is deployed and what was asked for.</summary>
    /// <exception cref="CommandFailedException">The stamp is active and nobody said that it may be.</exception>
    public static DeployPlan Of(Deployed now, string? stamp, string? share, bool ontoActive)
    {
        var target = stamp ?? (now.Active is null ? StampShare.Names[0] : StampShare.OtherThan(now.Active));
        if (target == now.Active && !ontoActive)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"{target} is the active stamp: its runs in flight would meet the new version. Deploy to {StampShare.OtherThan(target)}, or say --onto-active.");
        }

        var before = now.Stamps.FirstOrDefault(s => s.Name == target)?.Share;
        var gets = share ?? before ?? (now.Stamps.Count == 0 ? StampShare.All : StampShare.None);
        if (now.Stamps.All(s => s.Name == target) && gets != StampShare.All)
            throw new CommandFailedException(ExitCodes.Usage, $"{target} is the only stamp and starts all sources: --share {StampShare.All}, or leave it out.");
        return new(target, StampShare.With(now.Stamps, target, gets), now.Active ?? target);
    }
}
