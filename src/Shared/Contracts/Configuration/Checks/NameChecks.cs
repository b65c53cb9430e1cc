namespace DataIngestion.Contracts;

/// <summary>A definition is called like its file, and no two are called the same.</summary>
internal static class NameChecks
{
    public static IEnumerable<ConfigurationFinding> Of<T>(IReadOnlyList<DefinitionFile<T>> files, Func<T, string> id, string member)
        where T : class
    {
        var claimed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, stem, definition) in files)
        {
            if (definition is null)
                continue;
            if (id(definition) != stem)
                yield return new(definition, member, $"the id '{id(definition)}' differs from the file's name: expected '{stem}', or the file to be called '{id(definition)}.yaml'.");
            if (!claimed.TryAdd(id(definition), file))
                yield return new(definition, member, $"the id '{id(definition)}' is also claimed by {claimed[id(definition)]}.");
        }
    }

    /// <summary>Every id that a file stands for, readable or not, so that one broken file does not make others look broken.</summary>
    public static IReadOnlyCollection<string> Known<T>(IReadOnlyList<DefinitionFile<T>> files, Func<T, string> id)
        where T : class =>
        files.Select(f => f.Definition is { } definition ? id(definition) : f.Stem).Distinct(StringComparer.Ordinal).ToList();
}
