namespace DataIngestion.Collect;

/// <summary>Headers of an answer as templates see them.</summary>
internal static class AnswerHeaders
{
    /// <summary>Headers that are looked up when a template names them.</summary>
    public static LowCodeMap Of(Func<string, string?> header, IEnumerable<string> names)
    {
        var map = new LowCodeMap();
        foreach (var name in names)
        {
            if (header(name) is { } value)
                map[name] = value;
        }

        return map;
    }
}
