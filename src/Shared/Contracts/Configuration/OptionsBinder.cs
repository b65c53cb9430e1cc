namespace DataIngestion.Contracts;

/// <summary>One thing that is wrong with options.</summary>
/// <param name="Name">The option; empty when the fault is about all of them.</param>
/// <param name="Message">What was expected.</param>
public sealed record OptionFault(string Name, string Message);

/// <summary>Binds options to the record of whoever knows them, by the rules and with the messages of configuration files.</summary>
public static class OptionsBinder
{
    /// <summary>Binds options: every name must be known, every value of its type, every rule of the record kept.</summary>
    /// <param name="options">As a definition holds them: a list has an entry a line, a mapping names joined by a dot.</param>
    /// <param name="record">A record with settable properties and a constructor without parameters; names are in camel case.</param>
    /// <param name="faults">Everything that is wrong.</param>
    /// <returns>The record; null when something it requires is missing or unreadable.</returns>
    public static object? Bind(IReadOnlyDictionary<string, string> options, Type record, out IReadOnlyList<OptionFault> faults)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(record);
        var (shapes, names, found) = (new RecordShapes(), new List<string>(), new List<ConfigurationFault>());
        var node = OptionTexts.ToNode(options, record, shapes, names);
        var bound = new YamlBinder("", found, new(), shapes).Bind(node, record);
        faults = found.ConvertAll(f => new OptionFault(f.Line > 0 ? names[f.Line - 1] : "", f.Message));
        return faults.Count == 0 ? bound : null;
    }

    /// <summary>The names of a record's options.</summary>
    public static IReadOnlyList<string> NamesOf(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new RecordShapes().Of(record).Names;
    }

    /// <summary>Binds options that have been checked before.</summary>
    /// <exception cref="StepFailedException">They are wrong (<c>configuration-invalid</c>).</exception>
    public static T Bind<T>(IReadOnlyDictionary<string, string> options)
        where T : class =>
        (T?)Bind(options, typeof(T), out var faults) ?? throw new StepFailedException(new()
        {
            Code = "configuration-invalid",
            Message = string.Join(" ", faults.Select(f => f.Message)),
        });
}
