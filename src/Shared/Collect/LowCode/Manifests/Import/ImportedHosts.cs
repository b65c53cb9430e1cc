namespace DataIngestion.Collect;

/// <summary>The origins that a manifest's requests go to, as far as they follow from the configuration.</summary>
internal sealed class ImportedHosts
{
    static readonly string[] Addresses = ["url_base", "url", "token_refresh_endpoint", "login_url", "validate_session_url"];

    readonly TemplateContext _context;

    public ImportedHosts(ManifestDocument manifest, IReadOnlyDictionary<string, string> config)
    {
        var values = new LowCodeMap();
        foreach (var (name, value) in config)
            Put(values, name.Split('.'), ConfigValues.Of(value, manifest.Spec.Find(name)?.Kind));
        _context = new(new Dictionary<string, object?>(StringComparer.Ordinal) { ["config"] = values, ["parameters"] = new LowCodeMap() }, new Year2000(), new Random(0));
    }

    /// <summary>Addresses that need more than the configuration.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Scheme and host of each, those of the streams' requests first.</summary>
    public IReadOnlyList<string> Of(IEnumerable<ManifestComponent> streams)
    {
        var found = new List<(int Order, string Origin)>();
        foreach (var stream in streams)
            Walk(stream, found, 0);
        return [.. found.OrderBy(f => f.Order).Select(f => f.Origin).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    void Walk(ManifestNode node, List<(int, string)> found, int depth)
    {
        if (depth > 60)
            return;
        switch (node)
        {
            case ManifestItems list:
                list.Items.ForEach(i => Walk(i, found, depth + 1));
                break;
            case ManifestComponent component:
                foreach (var (name, field) in component.Fields.Where(f => f.Key is not ("schema" or "$parameters")))
                {
                    if (Addresses.Contains(name) && !component.Given.Contains(name) && field is ManifestValue { Value: string address })
                        Add(component, address, found, name is "url_base" or "url" && component.Type == "HttpRequester" ? 0 : 1);
                    else
                        Walk(field, found, depth + 1);
                }

                if (component.Type == "HttpRequester" && component.Given.Contains("url_base") && component.Text("url_base") is { } inherited)
                    Add(component, inherited, found, 0);
                break;
        }
    }

    void Add(ManifestComponent component, string address, List<(int, string)> found, int order)
    {
        try
        {
            var text = PythonText.Str(Template.Parse(address).EvaluateEntry(_context.With(("parameters", component.Parameters))) ?? "").Trim();
            if (OriginOf(text) is { } origin)
                found.Add((order, origin));
            else
                Unknown.Add(address);
        }
        catch (TemplateException)
        {
            Unknown.Add(address);
        }
    }

    // A reference inside the host is no host yet, but it is what the definition says.
    static string? OriginOf(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return address.StartsWith("${", StringComparison.Ordinal) && address.IndexOf('}', StringComparison.Ordinal) is > 0 and var close ? address[..(close + 1)] : null;
        if (address[..scheme] is not ("http" or "https"))
            return null;
        var end = address.IndexOfAny(['/', '?', '#'], scheme + 3);
        var origin = end < 0 ? address : address[..end];
        if (origin.Contains('@', StringComparison.Ordinal) || origin.Contains("{{", StringComparison.Ordinal))
            return null;
        return origin.Contains("${", StringComparison.Ordinal) || Uri.TryCreate(origin, UriKind.Absolute, out _) ? origin : null;
    }

    static void Put(LowCodeMap map, string[] path, object? value)
    {
        for (var i = 0; i < path.Length - 1; i++)
            map = map.TryGetValue(path[i], out var inner) && inner is LowCodeMap next ? next : (LowCodeMap)(map[path[i]] = new LowCodeMap());
        map[path[^1]] = value;
    }

    // Addresses do not depend on the time; an import made twice is the same.
    sealed class Year2000 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
