namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>What storage accepts as the name of a queue.</summary>
internal static class QueueNames
{
    /// <summary>Returns the name in lower case, as the Functions host uses it, after reporting what is wrong with it.</summary>
    public static string Check(string name, Action<string> fault)
    {
        var queue = name.ToLowerInvariant();
        var valid = queue.Length is >= 3 and <= 63
            && queue.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && queue[0] != '-' && queue[^1] != '-' && !queue.Contains("--", StringComparison.Ordinal);
        if (!valid && !name.Contains('%', StringComparison.Ordinal))
            fault($"'{name}' is not a queue name: 3 to 63 letters, digits and single hyphens were expected.");
        return queue;
    }
}
