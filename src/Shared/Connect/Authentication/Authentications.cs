using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The ways of authentication that are registered, by name.</summary>
/// <param name="kinds">The ways.</param>
/// <param name="templates">The templates; not before the configuration has been read, which needs the ways.</param>
internal sealed class Authentications(IEnumerable<IAuthenticationKind> kinds, Func<AuthenticationTemplates> templates)
{
    readonly Dictionary<string, IAuthenticationKind> _kinds = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => [.. _kinds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The way of that name; null when there is none.</summary>
    public IAuthenticationKind? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>The source with everything that its authentication takes from a template.</summary>
    public SourceDefinition Complete(SourceDefinition source) => source.Connection?.Auth?.Template is null ? source : templates().Complete(source);

    /// <summary>Called after a source refused who we are: reads the secrets again, and lets the kind forget what it holds.</summary>
    /// <returns>Whether the same request may succeed now.</returns>
    public async Task<bool> RenewAsync(string source, SourceSecrets secrets, CancellationToken cancellationToken)
    {
        var changed = await secrets.RefreshAsync(cancellationToken);
        var forgotten = secrets.Connection.Auth is { Kind: { } name } auth && Find(name) is { } kind && await kind.RenewAsync(new(source, auth, secrets), cancellationToken);
        return changed || forgotten;
    }

    /// <summary>Every connection proves itself in a way that there is, and keeps its rules; so does every template.</summary>
    /// <exception cref="ConfigurationException">The file of templates is wrong.</exception>
    public IEnumerable<ConfigurationFinding> Check(PlatformConfiguration configuration)
    {
        var known = AuthenticationTemplates.Load(configuration.Folder, this);
        return
        [
            .. configuration.Sources.Values.Select(s => s.Connection).OfType<ConnectionDefinition>().SelectMany(connection => Of(connection, known)),
            .. configuration.Sources.Values.SelectMany(s => s.Datasets).Select(d => d.Request?.Auth).OfType<AuthenticationDefinition>()
                .SelectMany(auth => Malformed(auth, nameof(auth.Options), auth.Options).Concat(Of(auth, known))),
        ];
    }

    /// <summary>Texts that hold something like a reference that is none.</summary>
    public static IEnumerable<ConfigurationFinding> Malformed(object subject, string member, IReadOnlyDictionary<string, string> texts) =>
        from text in texts
        let malformed = SecretReference.FindMalformed(text.Value)
        where malformed is not null
        select new ConfigurationFinding(subject, $"{member}[{text.Key}]", $"'{malformed}' is no reference: expected ${{NAME}}, ${{file:/run/secrets/name}}, ${{keyvault:name}} or ${{keyvault:name/version}}.");

    IEnumerable<ConfigurationFinding> Of(ConnectionDefinition connection, AuthenticationTemplates known) =>
    [
        .. Malformed(connection, nameof(connection.Headers), connection.Headers),
        .. Malformed(connection, nameof(connection.Options), connection.Options),
        .. Malformed(connection, "", new Dictionary<string, string> { [nameof(connection.BaseUrl)] = connection.BaseUrl }),
        .. connection.Auth is { } auth ? [.. Malformed(auth, nameof(auth.Options), auth.Options), .. Of(auth, known)] : Array.Empty<ConfigurationFinding>(),
    ];

    IEnumerable<ConfigurationFinding> Of(AuthenticationDefinition auth, AuthenticationTemplates known)
    {
        var whole = known.Complete(auth, out var misused);
        foreach (var fault in misused)
            yield return new(auth, fault.Name, fault.Message);
        if (whole is not { Template: null, Kind: { } name })
            yield break;
        if (Find(name) is not { } kind)
        {
            yield return new(auth, nameof(auth.Kind), $"there is no authentication '{name}': {Suggestion.Phrase(name, Names)}");
            yield break;
        }

        OptionsBinder.Bind(whole.Options, kind.Options, out var faults);
        foreach (var fault in faults)
            yield return new(auth, auth.Options.ContainsKey(fault.Name) ? $"{nameof(auth.Options)}[{fault.Name}]" : "", auth.Template is null ? fault.Message : $"{fault.Message} (Template '{auth.Template}'.)");
    }
}
