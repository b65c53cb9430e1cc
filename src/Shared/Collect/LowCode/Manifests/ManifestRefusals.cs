namespace DataIngestion.Collect;

/// <summary>What is understood and yet not done here, each with what to do or why.</summary>
internal static class ManifestRefusals
{
    /// <summary>Components written in Python, by type: what stands in for them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Custom = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CustomAuthenticator"] = "use ApiKeyAuthenticator, BearerAuthenticator, BasicHttpAuthenticator, OAuthAuthenticator, JwtAuthenticator, SessionTokenAuthenticator or SelectiveAuthenticator; a signature over the request is a template in configs/authentication-templates.yaml",
        ["CustomBackoffStrategy"] = "use ConstantBackoffStrategy, ExponentialBackoffStrategy, WaitTimeFromHeader or WaitUntilTimeFromHeader",
        ["CustomErrorHandler"] = "use DefaultErrorHandler with response_filters, or CompositeErrorHandler",
        ["CustomPaginationStrategy"] = "use CursorPagination with cursor_value and stop_condition, OffsetIncrement or PageIncrement",
        ["CustomRecordExtractor"] = "use DpathExtractor with field_path (and '*'), or with a RecordExpander",
        ["CustomRecordFilter"] = "use RecordFilter with a condition",
        ["CustomRequester"] = "use HttpRequester with request_parameters, request_headers and request_body",
        ["CustomRetriever"] = "use SimpleRetriever, or AsyncRetriever for jobs",
        ["CustomPartitionRouter"] = "use ListPartitionRouter, SubstreamPartitionRouter, GroupingPartitionRouter or UnionPartitionRouter",
        ["CustomSchemaLoader"] = "use InlineSchemaLoader or DynamicSchemaLoader",
        ["CustomSchemaNormalization"] = "leave schema_normalization out: columns are typed by the dataset",
        ["CustomStateMigration"] = "leave state_migrations out: no state of another platform is taken over",
        ["CustomTransformation"] = "use AddFields, RemoveFields, FlattenFields, DpathFlattenFields, KeysToSnakeCase or KeysReplace",
        ["CustomIncrementalSync"] = "use DatetimeBasedCursor or IncrementingCountCursor",
        ["CustomDecoder"] = "use JsonDecoder, JsonlDecoder, CsvDecoder, XmlDecoder, GzipDecoder or ZipfileDecoder",
        ["CustomConfigTransformation"] = "give the configuration the names that the manifest reads",
        ["CustomValidationStrategy"] = "leave the validation out",
    };

    /// <summary>Components and fields that are known and not supported.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DeclarativeStream.file_uploader"] = "files beside records are not collected: write a file source, or remove 'file_uploader'",
        ["SimpleRetriever.pagination_reset"] = "use windows ('step') that are small enough for the source",
        ["ParentStreamConfig.lazy_read_pointer"] = "leave it out: the children are asked for then",
        ["RateLimitedMultipleTokenAuthenticator"] = "use BearerAuthenticator with one token",
        ["JelloExtractor"] = "expressions of Jello are not supported: use DpathExtractor",
    };

    /// <summary>Fields that are read and have no effect, and why; <c>*</c> stands for every type.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutEffect = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DeclarativeSource.metadata"] = "it is for Airbyte's editor",
        ["DeclarativeSource.description"] = "it is for people",
        ["DeclarativeSource.concurrency_level"] = "how much is asked at once is 'connection.limits' of the source",
        ["DeclarativeSource.api_budget"] = "how much is asked is 'connection.limits' of the source",
        ["DeclarativeSource.stream_groups"] = "a dataset is collected alone",
        ["DeclarativeSource.max_concurrent_async_job_count"] = "how much is asked at once is 'connection.limits' of the source",
        ["Spec.advanced_auth"] = "consent is given with 'ingest sources consent', or tokens are put into 'config'",
        ["DeclarativeStream.state_migrations"] = "no state of another platform is taken over",
        ["DeclarativeStream.checkpoint_interval"] = "the cursor moves when a run is published",
        ["DeclarativeStream.description"] = "it is for people",
        ["HttpRequester.use_cache"] = "an answer is landed once and read from there",
        ["HttpRequester.cache_filename"] = "an answer is landed once and read from there",
        ["HttpRequester.name"] = "a requester is known by its stream",
        ["HttpRequester.primary_key"] = "it is the stream's",
        ["SimpleRetriever.name"] = "a retriever is known by its stream",
        ["SimpleRetriever.stream_name"] = "a retriever is known by its stream",
        ["SimpleRetriever.primary_key"] = "it is the stream's",
        ["RecordSelector.name"] = "a selector is known by its stream",
        ["JsonFileSchemaLoader.file_path"] = "files beside the manifest are not read: columns come from the dataset",
        ["JsonFileSchemaLoader.name"] = "files beside the manifest are not read: columns come from the dataset",
        ["DatetimeBasedCursor.allow_catalog_defined_cursor_field"] = "the cursor is the manifest's",
        ["IncrementingCountCursor.allow_catalog_defined_cursor_field"] = "the cursor is the manifest's",
        ["DefaultPaginator.url_base"] = "it is the requester's",
        ["DefaultPaginator.decoder"] = "it is the retriever's",
        ["DpathExtractor.decoder"] = "it is the retriever's",
        ["ResponseToFileExtractor.preserve_na_values"] = "texts are read as they are",
    };
}
