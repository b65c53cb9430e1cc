using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The systems that are registered, by name.</summary>
public sealed class SourceSystems(IEnumerable<ISourceSystem> systems)
{
    readonly Dictionary<string, ISourceSystem> _systems = systems.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>Their names, <c>http</c> among them.</summary>
    public IReadOnlyCollection<string> Names => [ConnectionDefinition.Http, .. _systems.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The system of that name; null when there is none.</summary>
    public ISourceSystem? Find(string name) => _systems.GetValueOrDefault(name);

    /// <summary>The system of a source.</summary>
    /// <exception cref="StepFailedException">There is none (<c>configuration-invalid</c>).</exception>
    public ISourceSystem Of(SourceDefinition source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Connection is { } connection && Find(connection.System) is { } system ? system : throw new StepFailedException(new()
        {
            Code = "configuration-invalid",
            Message = $"The source '{source.Source}' has the system '{source.Connection?.System}': {Suggestion.Phrase(source.Connection?.System ?? "", Names)}",
        });
    }
}
