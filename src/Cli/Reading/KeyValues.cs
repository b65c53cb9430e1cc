namespace DataIngestion.Cli.Reading;

/// <summary>Words of the form <c>column=value</c>.</summary>
internal static class KeyValues
{
    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailedException">A word is not of this form, or a column comes twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> words)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new CommandFailedException(ExitCodes.Usage, $"'{word}' is not column=value, such as symbol=AAPL.");
            if (!values.TryAdd(word[..equals], word[(equals + 1)..]))
                throw new CommandFailedException(ExitCodes.Usage, $"The column '{word[..equals]}' is given twice.");
        }

        return values;
    }
}
