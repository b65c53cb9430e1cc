namespace DataIngestion.Collect;

/// <summary>Which type a component has that does not say it, by its place.</summary>
internal static class ManifestDefaults
{
    static readonly Dictionary<string, string> Usual = new(StringComparer.Ordinal)
    {
        ["AddFields.fields"] = "AddedFieldDefinition",
        ["CompositeErrorHandler.error_handlers"] = "DefaultErrorHandler",
        ["ConfigComponentsResolver.components_mapping"] = "ComponentMappingDefinition",
        ["ConfigComponentsResolver.stream_config"] = "StreamConfig",
        ["CursorPagination.decoder"] = "JsonDecoder",
        ["CustomPartitionRouter.parent_stream_configs"] = "ParentStreamConfig",
        ["DatetimeBasedCursor.end_datetime"] = "MinMaxDatetime",
        ["DatetimeBasedCursor.end_time_option"] = "RequestOption",
        ["DatetimeBasedCursor.start_datetime"] = "MinMaxDatetime",
        ["DatetimeBasedCursor.start_time_option"] = "RequestOption",
        ["DeclarativeSource.check"] = "CheckStream",
        ["DeclarativeSource.spec"] = "Spec",
        ["DeclarativeSource.streams"] = "DeclarativeStream",
        ["DeclarativeStream.retriever"] = "SimpleRetriever",
        ["DeclarativeStream.schema_loader"] = "JsonFileSchemaLoader",
        ["DefaultErrorHandler.response_filters"] = "HttpResponseFilter",
        ["DefaultPaginator.decoder"] = "JsonDecoder",
        ["DefaultPaginator.page_size_option"] = "RequestOption",
        ["DefaultPaginator.page_token_option"] = "RequestOption",
        ["DpathExtractor.decoder"] = "JsonDecoder",
        ["DpathExtractor.record_expander"] = "RecordExpander",
        ["DynamicDeclarativeStream.components_resolver"] = "ConfigComponentsResolver",
        ["DynamicDeclarativeStream.stream_template"] = "DeclarativeStream",
        ["DynamicSchemaLoader.retriever"] = "SimpleRetriever",
        ["HttpComponentsResolver.components_mapping"] = "ComponentMappingDefinition",
        ["HttpComponentsResolver.retriever"] = "SimpleRetriever",
        ["HttpRequester.error_handler"] = "DefaultErrorHandler",
        ["ListPartitionRouter.request_option"] = "RequestOption",
        ["ParametrizedComponentsResolver.components_mapping"] = "ComponentMappingDefinition",
        ["ParentStreamConfig.request_option"] = "RequestOption",
        ["ParentStreamConfig.stream"] = "DeclarativeStream",
        ["RecordSelector.extractor"] = "DpathExtractor",
        ["RecordSelector.record_filter"] = "RecordFilter",
        ["SchemaTypeIdentifier.types_map"] = "TypesMap",
        ["SchemaTypeIdentifier.types_mapping"] = "TypesMap",
        ["SimpleRetriever.paginator"] = "NoPagination",
        ["SimpleRetriever.record_selector"] = "RecordSelector",
        ["SimpleRetriever.requester"] = "HttpRequester",
        ["SubstreamPartitionRouter.parent_stream_configs"] = "ParentStreamConfig",
    };

    // What a class of one's own is at a place.
    static readonly Dictionary<string, string> Custom = new(StringComparer.Ordinal)
    {
        ["CompositeErrorHandler.backoff_strategies"] = "CustomBackoffStrategy",
        ["DeclarativeStream.retriever"] = "CustomRetriever",
        ["DeclarativeStream.transformations"] = "CustomTransformation",
        ["DefaultErrorHandler.backoff_strategies"] = "CustomBackoffStrategy",
        ["DefaultPaginator.pagination_strategy"] = "CustomPaginationStrategy",
        ["HttpRequester.authenticator"] = "CustomAuthenticator",
        ["HttpRequester.error_handler"] = "CustomErrorHandler",
        ["RecordSelector.extractor"] = "CustomRecordExtractor",
        ["SimpleRetriever.partition_router"] = "CustomPartitionRouter",
    };

    /// <summary>The usual type at <c>Type.field</c>; null where there is none.</summary>
    public static string? TypeOf(string place, bool isClass) => (isClass ? Custom : Usual).GetValueOrDefault(place);
}
