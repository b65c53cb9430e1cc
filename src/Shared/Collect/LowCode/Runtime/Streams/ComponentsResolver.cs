using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Makes streams of a template and of components: what an endpoint answers (<c>HttpComponentsResolver</c>), what is configured
/// (<c>ConfigComponentsResolver</c>), or what the manifest lists (<c>ParametrizedComponentsResolver</c>).
/// </summary>
internal abstract class ComponentsResolver(Part dynamic, LowCodeRun run)
{
    const int MaxStreams = 10_000;

    readonly Part _template = dynamic.Needed("stream_template");
    readonly IReadOnlyList<ComponentMapping> _mappings = [.. dynamic.Needed("components_resolver").Children("components_mapping").Select(part => new ComponentMapping(part))];
    readonly bool _outerFirst = dynamic.Flag("use_parent_parameters", otherwise: true);
    int _count;

    /// <summary>The run.</summary>
    protected LowCodeRun Run => run;

    /// <summary>The resolver's component.</summary>
    protected Part Resolver { get; } = dynamic.Needed("components_resolver");

    /// <summary>The resolver of a dynamic stream.</summary>
    public static ComponentsResolver Of(Part dynamic, LowCodeRun run)
    {
        var resolver = dynamic.Needed("components_resolver");
        return resolver.Type switch
        {
            "HttpComponentsResolver" => new HttpResolver(dynamic, run),
            "ConfigComponentsResolver" => new ConfigResolver(dynamic, run),
            "ParametrizedComponentsResolver" => new ListedResolver(dynamic, run),
            _ => throw resolver.Unknown("components resolver"),
        };
    }

    /// <summary>Makes the streams.</summary>
    /// <param name="found">Told about each.</param>
    /// <returns>What has to be asked for it.</returns>
    public abstract IEnumerable<Step> Resolve(Action<Part> found);

    /// <summary>The stream of some components.</summary>
    protected Part Make(object? components, StreamSlice slice, object? config = null)
    {
        if (++_count > MaxStreams)
            throw Resolver.Fault($"it makes more than {MaxStreams:N0} streams.");
        var stream = (ManifestComponent)_template.Component.Copy();
        var context = Run.For(slice).With(("components_values", components), ("stream_template_config", config), ("component_values", components));
        foreach (var mapping in _mappings)
            mapping.Apply(stream, context);
        ManifestParameters.HandDown(stream, "", dynamic.Component.Parameters, _outerFirst);
        return new(stream);
    }

    sealed class HttpResolver(Part dynamic, LowCodeRun run) : ComponentsResolver(dynamic, run)
    {
        public override IEnumerable<Step> Resolve(Action<Part> found)
        {
            var states = new StreamStates(null, SliceStates.None);
            var retriever = Retriever.Of(Resolver.Needed("retriever"), Run, new() { Stream = "components", Parents = new(Run, states) });
            return retriever.Read((record, slice) => found(Make(record, slice)), isData: false);
        }
    }

    sealed class ConfigResolver(Part dynamic, LowCodeRun run) : ComponentsResolver(dynamic, run)
    {
        public override IEnumerable<Step> Resolve(Action<Part> found)
        {
            List<LowCodeMap> combined = [[]];
            foreach (var config in Resolver.Children("stream_config"))
            {
                IReadOnlyList<string> path = [.. config.Expressions("configs_pointer").Select(step => step.Text(Run.Context))];
                List<object?> values = DataPath.TryFind(Run.Config, path, out var there) && there is not null ? there as List<object?> ?? [there] : [];
                if (config.Plain("default_values") is List<object?> defaults)
                    values = [.. values, .. defaults];
                combined = [.. from one in combined from value in values select Together(one, value)];
            }

            foreach (var values in combined)
                found(Make(values, StreamSlice.Whole, values));
            return [];
        }

        static LowCodeMap Together(LowCodeMap one, object? value)
        {
            var together = new LowCodeMap(one);
            foreach (var (name, entry) in value as LowCodeMap ?? new LowCodeMap { ["value"] = value })
                together[name] = entry;
            return together;
        }
    }

    sealed class ListedResolver(Part dynamic, LowCodeRun run) : ComponentsResolver(dynamic, run)
    {
        public override IEnumerable<Step> Resolve(Action<Part> found)
        {
            foreach (var parameters in Resolver.Needed("stream_parameters").Plain("list_of_parameters_for_stream") as List<object?> ?? [])
                found(Make(parameters, StreamSlice.Whole));
            return [];
        }
    }
}
