namespace DataIngestion.Collect;

/// <summary>
/// Properties that a source has to be asked for by name (<c>QueryProperties</c>): a list, or what another endpoint names. Where they are too
/// many for one request they are asked for in parts, and the records of the parts are brought together by a key.
/// </summary>
internal sealed class QueryProperties
{
    readonly Part _part;
    readonly LowCodeRun _run;
    readonly Part? _endpoint;
    List<List<object?>>? _chunks;

    QueryProperties(Part part, Part? endpoint, string? parameter, LowCodeRun run)
    {
        (_part, _endpoint, Parameter, _run) = (part, endpoint, parameter, run);
        MergeKey = part.Child("property_chunking")?.Child("record_merge_strategy") switch
        {
            null => null,
            { Type: "GroupByKeyMergeStrategy" } strategy => strategy.Expressions("key"),
            var other => throw other.Unknown("merge strategy"),
        };
    }

    /// <summary>Parameter that carries them; null where templates put them in.</summary>
    public string? Parameter { get; }

    /// <summary>Fields that say which records belong together; null where each stands for itself.</summary>
    public IReadOnlyList<Expression>? MergeKey { get; }

    /// <summary>Looks for them in a requester.</summary>
    public static QueryProperties? Of(Part requester, Part provider, LowCodeRun run)
    {
        if (requester.Child("query_properties") is { } own)
            return new(own, own.Child("property_list"), null, run);
        if (requester.Child("fetch_properties_from_endpoint") is { } endpoint)
            return new(endpoint, endpoint, null, run);
        var parameters = provider.Child("request_parameters");
        var parameter = parameters?.Names.FirstOrDefault(name => parameters.Child(name)?.Type == "QueryProperties");
        return parameter is null ? null : new(parameters!.Child(parameter)!, parameters.Child(parameter)!.Child("property_list"), parameter, run);
    }

    /// <summary>The properties of each request.</summary>
    /// <param name="slice">The slice that is asked for.</param>
    /// <param name="chunks">They are put here.</param>
    public IEnumerable<Step> Load(StreamSlice slice, List<List<object?>> chunks)
    {
        if (_chunks is null)
        {
            List<object?> names = [];
            if (_endpoint is not { } endpoint)
            {
                names.AddRange(_part.Expressions("property_list").Select(name => (object?)name.Text(_run.Context)));
            }
            else
            {
                IReadOnlyList<string> path = [.. endpoint.Expressions("property_field_path").Select(step => step.Text(_run.Context))];
                var work = new RecordWork { Stream = "properties", Parents = new(_run, new(null, SliceStates.None)) };
                foreach (var step in Retriever.Of(endpoint.Needed("retriever"), _run, work).ReadSlice(slice, record => names.AddRange(DataPath.FindAll(record, path)), track: null, isData: false))
                    yield return step;
            }

            _chunks = Split(names);
        }

        chunks.AddRange(_chunks);
    }

    List<List<object?>> Split(List<object?> names)
    {
        List<object?> always = [.. _part.Expressions("always_include_properties").Select(name => (object?)name.Text(_run.Context))];
        if (_part.Child("property_chunking") is not { } chunking)
            return [[.. always, .. names.Except(always)]];
        var (limit, isCount) = (chunking.Expression("property_limit")?.Whole(_run.Context) ?? long.MaxValue, chunking.Text("property_limit_type") == "property_count");
        List<List<object?>> chunks = [];
        List<object?> chunk = [.. always];
        long size = 0;
        foreach (var name in names.Where(name => !always.Contains(name)))
        {
            var more = isCount ? 1 : PythonText.Str(name).Length + 1;
            if (size > 0 && size + more > limit)
            {
                chunks.Add(chunk);
                (chunk, size) = ([.. always], 0);
            }

            chunk.Add(name);
            size += more;
        }

        chunks.Add(chunk);
        return chunks;
    }
}
