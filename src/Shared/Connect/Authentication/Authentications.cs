using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The ways of authentication that are registered, by name.</summary>
internal sealed class Authentications(IEnumerable<IAuthenticationKind> kinds)
{
    readonly Dictionary<string, IAuthenticationKind> _kinds = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => [.. _kinds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The way of that name; null when there is none.</summary>
    public IAuthenticationKind? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>The source with everything that its authentication takes from a template.</summary>
    public SourceDefinition Complete(SourceDefinition source) => source;

    /// <summary>Called after a source refused who we are: reads the secrets again, and lets the kind forget what it holds.</summary>
    /// <returns>Whether the same request may succeed now.</returns>
    public async Task<bool> RenewAsync(string source, SourceSecrets secrets, CancellationToken cancellationToken)
    {
        var changed = await secrets.RefreshAsync(cancellationToken);
        var forgotten = secrets.Connection.Auth is { Kind: { } name } auth && Find(name) is { } kind && await kind.RenewAsync(new(source, auth, secrets), cancellationToken);
        return changed || forgotten;
    }

    /// <summary>Every connection over HTTP proves itself in a way that there is, and keeps its rules.</summary>
    public IEnumerable<ConfigurationFinding> Check(PlatformConfiguration configuration) =>
        configuration.Sources.Values.Select(s => s.Connection?.Auth).OfType<AuthenticationDefinition>().SelectMany(Of);

    IEnumerable<ConfigurationFinding> Of(AuthenticationDefinition auth)
    {
        if (auth.Kind is not { } name)
            return [];
        if (Find(name) is not { } kind)
            return [new(auth, nameof(auth.Kind), $"there is no authentication '{name}': {Suggestion.Phrase(name, Names)}")];
        OptionsBinder.Bind(auth.Options, kind.Options, out var faults);
        return faults.Select(f => new ConfigurationFinding(auth, f.Name.Length > 0 ? $"{nameof(auth.Options)}[{f.Name}]" : "", f.Message));
    }
}
