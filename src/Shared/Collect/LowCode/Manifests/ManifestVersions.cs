using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>
/// Brings manifests of older versions, and the several ways that newer ones allow, into one form, so that what runs them knows one name for each thing:
/// <list type="bullet">
/// <item><c>$options</c> is <c>$parameters</c> (before references are followed);</item>
/// <item><c>stream_slicer</c> is <c>incremental_sync</c> or <c>partition_router</c>, with the slicers' old types and fields;</item>
/// <item><c>HttpRequester.url</c> is <c>url_base</c>, <c>request_body</c> is <c>request_body_json</c> or <c>request_body_data</c>;</item>
/// <item>old types of paginators, backoff strategies, extractors and schema loaders have their new names.</item>
/// </list>
/// </summary>
internal static partial class ManifestVersions
{
    static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["DatetimeStreamSlicer"] = "DatetimeBasedCursor",
        ["ListStreamSlicer"] = "ListPartitionRouter",
        ["SubstreamSlicer"] = "SubstreamPartitionRouter",
        ["LimitPaginator"] = "DefaultPaginator",
        ["ConstantBackoff"] = "ConstantBackoffStrategy",
        ["ExponentialBackoff"] = "ExponentialBackoffStrategy",
        ["WaitTimeFromHeaderBackoffStrategy"] = "WaitTimeFromHeader",
        ["WaitUntilTimeFromHeaderBackoffStrategy"] = "WaitUntilTimeFromHeader",
        ["JsonSchema"] = "JsonFileSchemaLoader",
        ["JsonFileSchema"] = "JsonFileSchemaLoader",
        ["InlineSchema"] = "InlineSchemaLoader",
        ["NoPagination"] = "NoPagination",
        ["SessionTokenAuthenticatorLegacy"] = "LegacySessionTokenAuthenticator",
    };

    // By the new type.
    static readonly Dictionary<string, (string Old, string New)[]> Fields = new(StringComparer.Ordinal)
    {
        ["DatetimeBasedCursor"] = [("stream_state_field_start", "partition_field_start"), ("stream_state_field_end", "partition_field_end"), ("stream_slice_field_start", "partition_field_start"), ("stream_slice_field_end", "partition_field_end")],
        ["ListPartitionRouter"] = [("slice_values", "values")],
        ["ParentStreamConfig"] = [("stream_slice_field", "partition_field")],
        ["DefaultPaginator"] = [("limit_option", "page_size_option")],
        ["DpathExtractor"] = [("field_pointer", "field_path")],
        ["HttpRequester"] = [("url", "url_base"), ("method", "http_method")],
        ["RemoveFields"] = [("fields", "field_pointers")],
        ["MinMaxDatetime"] = [("date_time", "datetime")],
    };

    /// <summary>What has to have its new name before references are followed and parameters handed down.</summary>
    public static void Rename(ManifestNode node)
    {
        switch (node)
        {
            case ManifestItems list:
                list.Items.ForEach(Rename);
                break;
            case ManifestComponent map:
                Move(map, "$options", "$parameters");
                foreach (var field in map.Fields.Values)
                    Rename(field);
                break;
        }
    }

    /// <summary>Everything else, once parameters are handed down.</summary>
    public static void Normalise(ManifestNode node)
    {
        switch (node)
        {
            case ManifestItems list:
                list.Items.ForEach(Normalise);
                break;
            case ManifestComponent map:
                Component(map);
                foreach (var field in map.Fields.Where(f => f.Key is not ("schema" or "connection_specification" or "schemas" or "definitions")).Select(f => f.Value).ToList())
                    Normalise(field);
                break;
        }
    }

    static void Component(ManifestComponent component)
    {
        if (Types.TryGetValue(component.Type, out var type))
            Set(component, "type", new ManifestValue(component.Fields["type"].Line, type));
        if (Fields.TryGetValue(component.Type, out var renamed))
        {
            foreach (var (old, name) in renamed)
                Move(component, old, name);
        }

        switch (component.Type)
        {
            case "DeclarativeStream":
                Stream(component);
                break;
            case "DefaultPaginator":
                Paginator(component);
                break;
            case "HttpRequester":
                Requester(component);
                break;
            case "DatetimeBasedCursor":
                foreach (var field in new[] { "step", "lookback_window" })
                    Duration(component, field);
                break;
        }
    }

    // Slicers were one thing; now time and partitions are two.
    static void Stream(ManifestComponent stream)
    {
        if (stream.Find("retriever") is not ManifestComponent retriever)
            return;
        Move(retriever, "stream_slicer", "partition_router");
        if (retriever.Find("partition_router") is { } slicer && !retriever.Given.Contains("partition_router"))
        {
            var routers = Routers(slicer).ToList();
            var cursor = routers.OfType<ManifestComponent>().FirstOrDefault(r => r.Type is "DatetimeStreamSlicer" or "DatetimeBasedCursor");
            if (cursor is not null || slicer is ManifestComponent { Type: "CartesianProductStreamSlicer" or "SingleSlice" })
            {
                routers.RemoveAll(r => r == cursor || r is ManifestComponent { Type: "SingleSlice" });
                if (cursor is not null)
                    stream.Fields.TryAdd("incremental_sync", cursor);
                retriever.Fields.Remove("partition_router");
                if (routers.Count > 0)
                    retriever.Fields["partition_router"] = routers is [var only] ? only : new ManifestItems(slicer.Line, routers);
            }
        }

        if (stream.Fields.TryGetValue("stream_cursor_field", out var field) && stream.Find("incremental_sync") is ManifestComponent sync)
            sync.Fields.TryAdd("cursor_field", field);
        stream.Fields.Remove("stream_cursor_field");
        Move(stream, "stream_primary_key", "primary_key");
        Move(retriever, "requester_error_handler", "error_handler");
    }

    static IEnumerable<ManifestNode> Routers(ManifestNode slicer) => slicer switch
    {
        ManifestComponent { Type: "CartesianProductStreamSlicer" } product => product.Find("stream_slicers") is ManifestItems { Items: var items } ? items.SelectMany(Routers) : [],
        ManifestItems list => list.Items.SelectMany(Routers),
        _ => [slicer],
    };

    // The page's size was the paginator's, now it is the strategy's; a token that is the path was a place to put it.
    static void Paginator(ManifestComponent paginator)
    {
        foreach (var old in new[] { "page_size", "limit_value" })
        {
            if (paginator.Fields.Remove(old, out var size) && !paginator.Given.Contains(old) && paginator.Find("pagination_strategy") is ManifestComponent strategy)
                strategy.Fields.TryAdd("page_size", size);
        }

        if (paginator.Find("page_token_option") is ManifestComponent token && token.Find("inject_into") is ManifestValue { Value: "path" })
            Set(token, "type", new ManifestValue(token.Line, "RequestPath"));
        paginator.Fields.Remove("url_base");
        paginator.Given.Remove("url_base");
    }

    static void Requester(ManifestComponent requester)
    {
        if (requester.Find("request_options_provider") is ManifestComponent provider && provider.Find("class_name") is null)
        {
            foreach (var name in new[] { "request_parameters", "request_headers", "request_body_json", "request_body_data" })
            {
                if (provider.Fields.TryGetValue(name, out var option))
                    requester.Fields.TryAdd(name, option);
            }

            requester.Fields.Remove("request_options_provider");
        }

        if (requester.Find("request_body") is not ManifestComponent body || requester.Given.Contains("request_body") || body.Find("value") is not { } value)
            return;
        var target = body.Type is "RequestBodyJsonObject" or "RequestBodyGraphQL" ? "request_body_json" : "request_body_data";
        requester.Fields.Remove("request_body");
        requester.Fields[target] = value;
        // Fields that parameters gave are not part of what is sent.
        if (value is ManifestComponent sent)
        {
            foreach (var given in sent.Given)
                sent.Fields.Remove(given);
        }
    }

    // 1d, 2w, 1m and 1y are how durations were written.
    static void Duration(ManifestComponent component, string field)
    {
        if (component.Find(field) is ManifestValue { Value: string text } written && Old().Match(text) is { Success: true } match)
            Set(component, field, new ManifestValue(written.Line, $"P{match.Groups["count"].Value}{match.Groups["unit"].Value.ToUpperInvariant()}"));
    }

    static void Move(ManifestComponent component, string old, string name)
    {
        if (component.Given.Contains(old) || !component.Fields.Remove(old, out var value))
            return;
        if (!component.Has(name) || component.Given.Contains(name))
            Set(component, name, value);
    }

    static void Set(ManifestComponent component, string name, ManifestNode value)
    {
        component.Fields[name] = value;
        component.Given.Remove(name);
    }

    [GeneratedRegex(@"\A(?<count>[0-9]+)(?<unit>[dwmy])\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Old();
}
