namespace DataIngestion.Observe.Cost;

/// <summary>Splits an amount of money by weights.</summary>
internal static class Apportion
{
    /// <summary>The smallest part of a currency's unit that is kept: a millionth.</summary>
    public const decimal Step = 0.000001m;

    /// <summary>Parts in whole steps that add up to the amount, exactly.</summary>
    /// <param name="amount">Whole steps, not negative.</param>
    /// <param name="weights">Not negative. Where all are 0, every part is the same.</param>
    /// <returns>A part for each weight; what is left after rounding down goes, a step each, to those that lost most by it, the first of equals first.</returns>
    public static IReadOnlyList<decimal> Split(decimal amount, IReadOnlyList<decimal> weights)
    {
        if (weights.Count == 0)
            return amount == 0 ? [] : throw new ArgumentException($"{amount} cannot be split among nobody.", nameof(weights));
        var steps = decimal.Round(amount / Step);
        var sum = weights.Sum();
        var exact = weights.Select(w => sum == 0 ? steps / weights.Count : steps * (w / sum)).ToList();
        var parts = exact.ConvertAll(decimal.Floor);
        var left = (int)(steps - parts.Sum());
        foreach (var place in Enumerable.Range(0, parts.Count).OrderByDescending(i => exact[i] - parts[i]).Take(left))
            parts[place]++;
        return parts.ConvertAll(p => p * Step);
    }

    /// <summary>An amount in whole steps.</summary>
    public static decimal Round(decimal amount) => decimal.Round(amount, 6, MidpointRounding.ToEven);
}
