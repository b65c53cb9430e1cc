namespace DataIngestion.Contracts;

/// <summary>Guesses what somebody meant to write.</summary>
public static class Suggestion
{
    /// <summary>The candidate that differs least, if it differs by no more than a third of its letters (at least one); else null.</summary>
    public static string? For(string written, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(candidates);
        string? best = null;
        var least = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(written, candidate);
            if (distance < least && distance <= Math.Max(1, candidate.Length / 3))
                (best, least) = (candidate, distance);
        }

        return best;
    }

    /// <summary><c>did you mean 'x'?</c>, or what is allowed.</summary>
    public static string Phrase(string written, IReadOnlyCollection<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return For(written, candidates) is { } meant ? $"did you mean '{meant}'?"
            : candidates.Count == 0 ? "there is none."
            : $"expected one of {string.Join(", ", candidates)}.";
    }

    // Edits, where swapping two neighbours is one edit; letters' case does not count. Long texts are not worth comparing.
    static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 8 || left.Length > 64 || right.Length > 64)
            return int.MaxValue;

        var costs = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }

                var change = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                costs[i, j] = Math.Min(Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1, costs[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[left.Length, right.Length];
    }

    static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
