namespace DataIngestion.Contracts;

/// <summary>
/// Reads files of configuration that a capability knows itself, as strictly as the definitions are read: every name must be known and every value
/// of its type, and every fault is found, with its line.
/// </summary>
public static class ConfigurationFile
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">What it holds: a record with settable properties and a constructor without parameters.</typeparam>
    /// <param name="path">The file; faults name it so.</param>
    public static ConfigurationFile<T> Read<T>(string path)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new((faults, map) => new DefinitionFiles(faults, map).ReadFile<T>(path, path.Replace('\\', '/')).Definition);
    }

    /// <summary>Reads a text.</summary>
    /// <typeparam name="T">What it holds: a record with settable properties and a constructor without parameters.</typeparam>
    /// <param name="name">How faults name it.</param>
    /// <param name="text">YAML.</param>
    public static ConfigurationFile<T> Parse<T>(string name, string text)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(text);
        return new((faults, map) => new YamlComposer(name, faults).Compose(text) is { } document ? new YamlBinder(name, faults, map, new()).Bind<T>(document) : null);
    }
}

/// <summary>One file of configuration and what is wrong with it.</summary>
/// <typeparam name="T">What it holds.</typeparam>
public sealed class ConfigurationFile<T>
    where T : class
{
    readonly List<ConfigurationFault> _faults = [];
    readonly YamlSourceMap _map = new();

    internal ConfigurationFile(Func<List<ConfigurationFault>, YamlSourceMap, T?> read) => Definition = read(_faults, _map);

    /// <summary>What it holds; null where that could not be read.</summary>
    public T? Definition { get; }

    /// <summary>All that is wrong, by line.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => [.. _faults.Distinct().OrderBy(f => f.Line)];

    /// <summary>Adds a fault that the reader of the file found, with the line of what it is about.</summary>
    public void Report(ConfigurationFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        _map.Report(finding, _faults);
    }
}
