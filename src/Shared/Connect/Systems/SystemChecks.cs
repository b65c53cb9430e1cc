using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Every connection names a system that there is, and keeps its rules.</summary>
internal sealed class SystemChecks(SourceSystems systems)
{
    public IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration)
    {
        var templates = new Lazy<AuthenticationTemplates>(() => AuthenticationTemplates.Load(configuration.Folder, kinds: null));
        return configuration.Sources.Values.SelectMany(source => Of(source, templates));
    }

    IEnumerable<ConfigurationFinding> Of(SourceDefinition source, Lazy<AuthenticationTemplates> templates)
    {
        if (source.Connection is not { } connection)
            return [];
        if (connection.System == ConnectionDefinition.Http)
            return Faults(connection, connection.Options, typeof(NoOptions), nameof(ConnectionDefinition.Options));
        return systems.Find(connection.System) is { } system
            ? Of(source, connection, system, connection.Auth is { Template: { } template } ? templates.Value.Find(template)?.Kind : connection.Auth?.Kind)
            : [new(connection, nameof(ConnectionDefinition.System), $"there is no system '{connection.System}': {Suggestion.Phrase(connection.System, systems.Names)}")];
    }

    static IEnumerable<ConfigurationFinding> Of(SourceDefinition source, ConnectionDefinition connection, ISourceSystem system, string? authentication)
    {
        if (!system.Kinds.Contains(source.Kind))
            yield return new(source, nameof(SourceDefinition.Kind), $"'{system.Name}' cannot be a source of this kind: expected one of {string.Join(", ", system.Kinds.Select(k => k.ToString().ToLowerInvariant()))}.");
        if (Uri.TryCreate(connection.BaseUrl, UriKind.Absolute, out var address) && !system.Schemes.Contains(address.Scheme))
            yield return new(connection, nameof(ConnectionDefinition.BaseUrl), $"'{connection.BaseUrl}' is not an address of '{system.Name}': expected one that begins {string.Join(" or ", system.Schemes.Select(s => s + "://"))}.");
        if (authentication is { } kind && !system.Authentication.Contains(kind))
            yield return new(connection, $"{nameof(ConnectionDefinition.Auth)}.{nameof(AuthenticationDefinition.Kind)}", $"'{system.Name}' cannot use '{kind}': {(system.Authentication.Count == 0 ? "it takes no 'auth'." : $"expected one of {string.Join(", ", system.Authentication)}.")}");
        foreach (var finding in Faults(connection, connection.Options, system.ConnectionOptions, nameof(ConnectionDefinition.Options)))
            yield return finding;
        foreach (var dataset in source.Datasets)
        {
            var faults = dataset.Read is { } read ? Faults(read, read.Options, system.ReadOptions, nameof(ReadDefinition.Options)) : [];
            foreach (var finding in faults.Concat(system.Check(source, dataset)))
                yield return finding;
        }
    }

    static IEnumerable<ConfigurationFinding> Faults(object subject, IReadOnlyDictionary<string, string> options, Type record, string member)
    {
        OptionsBinder.Bind(options, record, out var faults);
        return faults.Select(f => new ConfigurationFinding(subject, f.Name.Length > 0 ? $"{member}[{f.Name}]" : "", f.Message));
    }
}

/// <summary>The options of what has none.</summary>
public sealed record NoOptions;
