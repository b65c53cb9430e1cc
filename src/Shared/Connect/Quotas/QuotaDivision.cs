namespace DataIngestion.Connect;

/// <summary>Divides permits among those who want them.</summary>
internal static class QuotaDivision
{
    /// <summary>
    /// Nobody gets more than it wants, and what one does not want goes to the others in equal parts. What cannot be divided goes round:
    /// it is with others in every epoch, so that also with fewer permits than workers each gets its turn.
    /// </summary>
    /// <param name="workers">Name, wanted permits, and how many of them are of use together.</param>
    /// <param name="capacity">Permits to be divided.</param>
    /// <param name="epoch">Number of the turn.</param>
    /// <returns>Permits for each, and whether some were left to go round.</returns>
    public static (int[] Parts, bool GoesRound) Of(IReadOnlyList<(string Name, int Wants, int Unit)> workers, int capacity, long epoch)
    {
        var parts = new int[workers.Count];
        var left = capacity;
        int[] hungry;
        while ((hungry = Hungry()).Length > 0 && left >= hungry.Length)
        {
            var each = left / hungry.Length;
            var given = 0;
            foreach (var i in hungry)
            {
                var part = Math.Min(workers[i].Wants - parts[i], each / workers[i].Unit * workers[i].Unit);
                parts[i] += part;
                given += part;
            }

            left -= given;
            if (given == 0)
                break;
        }

        var goesRound = left > 0 && Hungry().Length > 0;
        bool gave;
        do
        {
            gave = false;
            foreach (var i in Hungry().OrderBy(i => Turn(workers[i].Name, epoch)))
            {
                var part = Math.Min(workers[i].Unit, workers[i].Wants - parts[i]);
                if (part > left)
                    continue;
                parts[i] += part;
                left -= part;
                gave = true;
            }
        }
        while (gave && left > 0);
        return (parts, goesRound);

        int[] Hungry() => [.. Enumerable.Range(0, parts.Length).Where(i => parts[i] < workers[i].Wants)];
    }

    // The same for every worker, unlike string.GetHashCode.
    static uint Turn(string name, long epoch)
    {
        var hash = 2166136261u ^ (uint)epoch;
        foreach (var c in name)
            hash = (hash ^ c) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        return hash ^ (hash >> 13);
    }
}
