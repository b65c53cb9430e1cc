using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>What a source says of its manifest is true: the file is there and can be run, the streams exist, the configuration is what it needs.</summary>
internal static class ManifestSourceChecks
{
    /// <summary>See <see cref="ConfigurationCheck"/>.</summary>
    public static IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration)
    {
        var found = new List<ConfigurationFinding>();
        var faults = new List<ConfigurationFault>();
        foreach (var source in configuration.Sources.Values.OrderBy(s => s.Source, StringComparer.Ordinal))
            Check(source, configuration.Folder, found, faults);
        // Faults in the manifest's own file cannot be findings; what was found in definitions then comes at the next start.
        return faults.Count == 0 ? found : throw new ConfigurationException(faults);
    }

    static void Check(SourceDefinition source, string? folder, List<ConfigurationFinding> found, List<ConfigurationFault> faults)
    {
        if (source.Manifest is not { } name)
        {
            if (source.Config.Count > 0)
                found.Add(new(source, nameof(SourceDefinition.Config), "'config' is for a 'manifest', which this source has not."));
            for (var i = 0; i < source.Datasets.Count; i++)
            {
                if (source.Datasets[i].Stream is not null)
                    found.Add(new(source, StreamAt(i), "'stream' is for a 'manifest', which this source has not."));
            }

            return;
        }

        if (source.Kind is not SourceKind.Api || !source.IsAskedByHttp)
            found.Add(new(source, nameof(SourceDefinition.Manifest), "a manifest is asked by HTTP: expected kind api and a connection without 'system'."));
        if (name != Path.GetFileName(name) || !name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            found.Add(new(source, nameof(SourceDefinition.Manifest), $"'{name}' is not the name of a manifest: expected a file in configs/manifests, such as {source.Source}.yaml."));
            return;
        }

        if (folder is null)
            return;
        var path = Path.Combine(folder, "manifests", name);
        if (!File.Exists(path))
        {
            found.Add(new(source, nameof(SourceDefinition.Manifest), $"there is no file '{path.Replace('\\', '/')}': put the manifest there, or use 'ingest sources import'."));
            return;
        }

        try
        {
            Check(source, ManifestDocument.Read(path), found, faults);
        }
        catch (ManifestException unreadable)
        {
            faults.Add(unreadable.Fault);
        }
    }

    static void Check(SourceDefinition source, ManifestDocument manifest, List<ConfigurationFinding> found, List<ConfigurationFault> faults)
    {
        faults.AddRange(manifest.Faults);
        for (var i = 0; i < source.Datasets.Count; i++)
        {
            var dataset = source.Datasets[i];
            if (dataset.Stream is not { } name)
                continue; // the definition's own rules say so
            if (dataset.Request is not null)
                found.Add(new(source, $"{nameof(SourceDefinition.Datasets)}[{i}].{nameof(SourceDatasetDefinition.Request)}", "the manifest says what is asked: expected no 'request' beside 'stream'."));
            var streams = manifest.Streams.Where(s => s.Name == name).ToList();
            if (streams.Count == 0 && manifest.DynamicStreams.Count == 0)
                found.Add(new(source, StreamAt(i), $"the manifest has no stream '{name}': {Suggestion.Phrase(name, [.. manifest.Streams.Select(s => s.Name)])}"));
            else if (streams.Count > 0 && streams.TrueForAll(s => s.Faults.Count > 0))
                faults.AddRange(streams.SelectMany(s => s.Faults));
        }

        Config(source, manifest.Spec, found);
    }

    static void Config(SourceDefinition source, ManifestSpec spec, List<ConfigurationFinding> found)
    {
        if (spec.Settings.Count == 0)
            return; // a manifest of the first versions, whose settings nobody knows
        var paths = spec.Settings.Select(s => s.Path).ToList();
        foreach (var (name, value) in source.Config)
        {
            var at = $"{nameof(SourceDefinition.Config)}[{name}]";
            if (spec.Find(name) is { } setting)
            {
                if (setting.IsSecret && value.Length > 0 && !SecretReference.NamesIn(value).Any())
                    found.Add(new(source, at, $"'{name}' is a secret: expected a reference such as ${{NAME}}."));
                else if (setting.Allowed.Count > 0 && !value.Contains("${", StringComparison.Ordinal) && !setting.Allowed.Any(a => string.Equals(PythonText.Str(a), value, StringComparison.OrdinalIgnoreCase)))
                    found.Add(new(source, at, $"'{name}' is '{value}': expected one of {string.Join(", ", setting.Allowed.Select(PythonText.Str))}."));
            }
            else if (!paths.Exists(p => p.StartsWith(name + ".", StringComparison.Ordinal) || name.StartsWith(p + ".", StringComparison.Ordinal)))
            {
                found.Add(new(source, at, $"the manifest has no setting '{name}': {Suggestion.Phrase(name, paths)}"));
            }

            if (SecretReference.FindMalformed(value) is { } malformed)
                found.Add(new(source, at, $"'{malformed}' is no reference: expected ${{NAME}}, ${{file:/path}} or ${{keyvault:name}}."));
        }

        foreach (var missing in spec.Settings.Where(s => s is { IsRequired: true, Choice: null, Default: null } && !source.Config.Keys.Any(k => k == s.Path || s.Path.StartsWith(k + ".", StringComparison.Ordinal))))
            found.Add(new(source, nameof(SourceDefinition.Config), $"'{missing.Path}' is missing, which the manifest needs: expected {missing.Title ?? missing.Kind}{(missing.IsSecret ? ", as a reference such as ${NAME}" : "")}."));
    }

    static string StreamAt(int index) => $"{nameof(SourceDefinition.Datasets)}[{index}].{nameof(SourceDatasetDefinition.Stream)}";
}
