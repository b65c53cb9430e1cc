namespace DataIngestion.Collect;

/// <summary>A field that a component may have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="Kinds"><c>text</c>, <c>number</c>, <c>truth</c>, <c>map</c>, <c>any</c>, or the types of component that it may be.</param>
/// <param name="IsList">Whether it is a list of those.</param>
internal sealed record ManifestField(string Name, bool IsRequired, IReadOnlyList<string> Kinds, bool IsList)
{
    /// <summary>Whether it is a component rather than a value.</summary>
    public bool IsComponent => Kinds.Any(k => char.IsUpper(k[0]));
}

/// <summary>Which components there are and which fields each may have: what the language's published schema says, with what older versions had.</summary>
internal static class ManifestSchema
{
    /// <summary>By type.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, ManifestField>> Components = Read();

    // One component a line; '!' is a field that has to be there, '[]' a list.
    const string Table = """
        # The source
        CheckStream: stream_names [text], dynamic_streams_check_configs [DynamicStreamCheckConfig], config_overrides map
        CheckDynamicStream: stream_count! number, use_check_availability truth, config_overrides map
        DynamicStreamCheckConfig: dynamic_stream_name! text, stream_count number
        Spec: connection_specification! map, documentation_url text, advanced_auth map, config_normalization_rules map
        ConcurrencyLevel: default_concurrency! number|text, max_concurrency number
        ConditionalStreams: condition! text, streams! [DeclarativeStream]
        StateDelegatingStream: name! text, full_refresh_stream! DeclarativeStream, incremental_stream! DeclarativeStream, api_retention_period text
        DynamicDeclarativeStream: name text, stream_template! DeclarativeStream|StateDelegatingStream, components_resolver! HttpComponentsResolver|ConfigComponentsResolver|ParametrizedComponentsResolver, use_parent_parameters truth
        DeclarativeStream: name text, retriever! SimpleRetriever|AsyncRetriever|CustomRetriever, incremental_sync DatetimeBasedCursor|IncrementingCountCursor, primary_key any, schema_loader InlineSchemaLoader|DynamicSchemaLoader|JsonFileSchemaLoader|[InlineSchemaLoader|DynamicSchemaLoader|JsonFileSchemaLoader|CustomSchemaLoader]|CustomSchemaLoader, transformations [AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|KeysReplace|CustomTransformation], state_migrations [LegacyToPerPartitionStateMigration|CustomStateMigration], file_uploader map, checkpoint_interval number, stream_cursor_field any, description text
        LegacyToPerPartitionStateMigration:
        BlockSimultaneousSyncsAction:
        # How it is asked
        ApiKey: inject_into! RequestOption, api_token text
        Bearer:
        GroupByKeyMergeStrategy: key! text|[text]
        HttpRequester: url_base text, url text, path text, http_method text, authenticator ApiKeyAuthenticator|BasicHttpAuthenticator|BearerAuthenticator|OAuthAuthenticator|JwtAuthenticator|SessionTokenAuthenticator|SelectiveAuthenticator|CustomAuthenticator|NoAuth|LegacySessionTokenAuthenticator|RateLimitedMultipleTokenAuthenticator, fetch_properties_from_endpoint PropertiesFromEndpoint, query_properties QueryProperties, request_parameters map|text, request_headers map|text, request_body_data map|text, request_body_json map|text, request_body RequestBodyPlainText|RequestBodyUrlEncodedForm|RequestBodyJsonObject|RequestBodyGraphQL, error_handler DefaultErrorHandler|CompositeErrorHandler|CustomErrorHandler, use_cache truth, name any, primary_key any, max_retries number, cache_filename text
        JsonSchemaPropertySelector: transformations [AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|KeysReplace|CustomTransformation]
        PropertiesFromEndpoint: property_field_path! [text], retriever! SimpleRetriever|CustomRetriever
        PropertyChunking: property_limit_type! any, property_limit number, record_merge_strategy GroupByKeyMergeStrategy
        QueryProperties: property_list! [text]|PropertiesFromEndpoint, always_include_properties [text], property_chunking PropertyChunking, property_selector JsonSchemaPropertySelector
        RequestBodyGraphQL: value! RequestBodyGraphQlQuery
        RequestBodyJsonObject: value! map
        RequestBodyPlainText: value! text
        RequestBodyUrlEncodedForm: value! map
        RequestOption: inject_into! any, field_name text, field_path [text]
        RequestPath:
        # Who asks
        ApiKeyAuthenticator: api_token text, header text, inject_into RequestOption
        BasicHttpAuthenticator: username! text, password text
        BearerAuthenticator: api_token! text
        JwtAuthenticator: secret_key! text, base64_encode_secret_key truth, algorithm! text, token_duration number, header_prefix text, jwt_headers map, additional_jwt_headers map, jwt_payload map, additional_jwt_payload map, passphrase text, request_option RequestOption
        LegacySessionTokenAuthenticator: header! text, login_url! text, session_token text, session_token_response_key! text, username text, password text, validate_session_url! text
        NoAuth:
        OAuthAuthenticator: client_id_name text, client_id text, client_secret_name text, client_secret text, refresh_token_name text, refresh_token text, token_refresh_endpoint text, access_token_name text, access_token_value text, expires_in_name text, grant_type_name text, grant_type text, refresh_request_body map, refresh_request_headers map, send_refresh_request_as_query_params truth, scopes [text], token_expiry_date text, token_expiry_date_format text, refresh_token_error_status_codes [number], refresh_token_error_key text, refresh_token_error_values [text], refresh_token_updater any, profile_assertion JwtAuthenticator, use_profile_assertion truth, refresh_request_type text
        QuotaStatusSource: url! text, http_method text, request_headers map, unavailable_status_codes [number]
        RateLimitedMultipleTokenAuthenticator: tokens! text|[text], token_delimiter text, auth_method text, header text, quota_status_source! QuotaStatusSource, quotas! [TokenQuota], max_wait_time text, budget_reserve_fraction number, budget_min_reserve number
        SelectiveAuthenticator: authenticator_selection_path! [text], authenticators! map
        SessionTokenAuthenticator: login_requester! HttpRequester, session_token_path! [text], expiration_duration text, request_authentication! ApiKey|Bearer, decoder JsonDecoder|XmlDecoder
        TokenQuota: name! text, remaining_path! [text], reset_path! [text], limit_path [text], matchers [HttpRequestRegexMatcher], remaining_header text, reset_header text, limit_header text, exhaustion_status_codes [number]
        # Pages and parts
        CursorPagination: cursor_value! text, page_size number|text, stop_condition text, decoder JsonDecoder|XmlDecoder|CsvDecoder|JsonlDecoder|GzipDecoder|IterableDecoder|ZipfileDecoder|JsonItemsDecoder
        DatetimeBasedCursor: clamping map, cursor_field! text, allow_catalog_defined_cursor_field truth, cursor_datetime_formats [text], start_datetime! MinMaxDatetime|text, start_time_option RequestOption, end_datetime MinMaxDatetime|text, end_time_option RequestOption, datetime_format! text, cursor_granularity text, is_data_feed truth, is_client_side_incremental truth, is_compare_strictly truth, global_substream_cursor truth, lookback_window text, partition_field_end text, partition_field_start text, step text, cursor_field_format text, message_repository any
        DefaultPaginator: pagination_strategy! PageIncrement|OffsetIncrement|CursorPagination|CustomPaginationStrategy, page_size_option RequestOption, page_token_option RequestOption|RequestPath, decoder any, url_base any
        GroupingPartitionRouter: group_size! number, underlying_partition_router! ListPartitionRouter|SubstreamPartitionRouter|UnionPartitionRouter|CustomPartitionRouter, deduplicate truth
        IncrementingCountCursor: cursor_field! text, allow_catalog_defined_cursor_field truth, start_value text|number, start_value_option RequestOption
        ListPartitionRouter: cursor_field! text, values! text|[text], request_option RequestOption
        MinMaxDatetime: datetime! text, datetime_format text, max_datetime text, min_datetime text
        NoPagination:
        OffsetIncrement: page_size number|text, inject_on_first_request truth
        PageIncrement: page_size number|text, start_from_page number, inject_on_first_request truth
        PaginationReset: action! text, limits PaginationResetLimits
        PaginationResetLimits: number_of_records number
        ParentStreamConfig: stream! DeclarativeStream|StateDelegatingStream, parent_key! text, partition_field! text, request_option RequestOption, incremental_dependency truth, lazy_read_pointer [text], extra_fields [[text]], parent_partition_field text
        SubstreamPartitionRouter: parent_stream_configs! [ParentStreamConfig], parent_streams_configs any
        UnionPartitionRouter: partition_field! text, partition_routers! [ListPartitionRouter|SubstreamPartitionRouter|UnionPartitionRouter|CustomPartitionRouter]
        # Answers
        AsyncJobStatusMap: running! [text], completed! [text], failed! [text], timeout! [text], skipped [text]
        AsyncRetriever: record_selector! RecordSelector, status_mapping! AsyncJobStatusMap, status_extractor! DpathExtractor|CustomRecordExtractor, download_target_extractor DpathExtractor|CustomRecordExtractor, download_extractor DpathExtractor|CustomRecordExtractor|ResponseToFileExtractor, creation_requester! HttpRequester|CustomRequester, polling_requester! HttpRequester|CustomRequester, polling_job_timeout number|text, failed_retry_wait_time_in_seconds number|text, download_target_requester HttpRequester|CustomRequester, download_requester! HttpRequester|CustomRequester, download_paginator DefaultPaginator|NoPagination, abort_requester HttpRequester|CustomRequester, delete_requester HttpRequester|CustomRequester, partition_router ListPartitionRouter|SubstreamPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter|[ListPartitionRouter|SubstreamPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter], decoder CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder|IterableDecoder|XmlDecoder|ZipfileDecoder|CustomDecoder, download_decoder CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder|IterableDecoder|XmlDecoder|ZipfileDecoder|CustomDecoder
        CsvDecoder: encoding text, delimiter text, set_values_to_none [text], quote_char text, escape_char text, skip_rows_before_header number
        DpathExtractor: field_path! [text], record_expander RecordExpander, decoder any
        GzipDecoder: decoder! CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder
        IterableDecoder:
        JsonDecoder:
        JsonItemsDecoder: items_path! text, encoding text
        JsonlDecoder:
        RecordExpander: expand_records_from_field! [text], remain_original_record truth, on_no_records text
        RecordFilter: condition text
        RecordSelector: extractor! DpathExtractor|CustomRecordExtractor, record_filter RecordFilter|CustomRecordFilter, schema_normalization text|CustomSchemaNormalization, transform_before_filtering truth, name any
        ResponseToFileExtractor: preserve_na_values truth
        SimpleRetriever: requester! HttpRequester|CustomRequester, decoder JsonDecoder|JsonItemsDecoder|XmlDecoder|CsvDecoder|JsonlDecoder|GzipDecoder|IterableDecoder|ZipfileDecoder|CustomDecoder, record_selector! RecordSelector, paginator DefaultPaginator|NoPagination, pagination_reset PaginationReset, ignore_stream_slicer_parameters_on_paginated_requests truth, partition_router SubstreamPartitionRouter|ListPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter|[SubstreamPartitionRouter|ListPartitionRouter|GroupingPartitionRouter|UnionPartitionRouter|CustomPartitionRouter], name any, primary_key any, cursor any, stream_name any
        XmlDecoder:
        ZipfileDecoder: decoder! CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder
        # Records and schemas
        ComplexFieldType: field_type! text, items any
        TypesMap: target_type! any, current_type! any, condition text
        AddFields: fields! [AddedFieldDefinition], condition text
        AddedFieldDefinition: path! [text], value! text, value_type any
        ConfigAddFields: fields! [AddedFieldDefinition], condition text
        ConfigRemapField: map! any, field_path! [text]
        ConfigRemoveFields: field_pointers! [[text]], condition text
        DpathFlattenFields: field_path! [text], delete_origin_value truth, replace_record truth, key_transformation KeyTransformation
        DynamicSchemaLoader: retriever! SimpleRetriever|AsyncRetriever|CustomRetriever, schema_filter RecordFilter|CustomRecordFilter, schema_transformations [AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|KeysReplace|CustomTransformation], schema_type_identifier! SchemaTypeIdentifier
        FlattenFields: flatten_lists truth
        InlineSchemaLoader: schema map
        JsonFileSchemaLoader: file_path text, name any
        KeyTransformation: prefix text, suffix text
        KeysReplace: old! text, new! text
        KeysToLower:
        KeysToSnakeCase:
        RemoveFields: condition text, field_pointers! [[text]]
        SchemaTypeIdentifier: schema_pointer [text], key_pointer! [text], type_pointer [text], types_mapping [TypesMap]
        ValidateAdheresToSchema: base_schema! any
        # Faults and limits
        HttpRequestRegexMatcher: method text, url_base text, url_path_pattern text, params map, headers map, weight number
        Rate: limit! number, interval! text
        CompositeErrorHandler: error_handlers! [CompositeErrorHandler|DefaultErrorHandler|CustomErrorHandler]
        ConstantBackoffStrategy: backoff_time_in_seconds! number|text, jitter_range_in_seconds number
        DefaultErrorHandler: backoff_strategies [ConstantBackoffStrategy|ExponentialBackoffStrategy|WaitTimeFromHeader|WaitUntilTimeFromHeader|CustomBackoffStrategy], max_retries number|text, response_filters [HttpResponseFilter]
        ExponentialBackoffStrategy: factor number|text, jitter_range_in_seconds number
        FixedWindowCallRatePolicy: period! text, call_limit! number, matchers! [HttpRequestRegexMatcher]
        HTTPAPIBudget: policies! [FixedWindowCallRatePolicy|MovingWindowCallRatePolicy|UnlimitedCallRatePolicy], ratelimit_reset_header text, ratelimit_remaining_header text, status_codes_for_ratelimit_hit [number]
        HttpResponseFilter: action text, failure_type text, error_message text, error_message_contains text, http_codes [number], predicate text
        MovingWindowCallRatePolicy: rates! [Rate], matchers! [HttpRequestRegexMatcher]
        UnlimitedCallRatePolicy: matchers! [HttpRequestRegexMatcher]
        WaitTimeFromHeader: header! text, regex text, max_waiting_time_in_seconds number|text
        WaitUntilTimeFromHeader: header! text, min_wait number|text, regex text, max_waiting_time_in_seconds number|text
        # Streams made when it runs, and the configuration
        ComponentMappingDefinition: field_path! [text], value! text, value_type any, create_or_update truth, condition text
        ConfigComponentsResolver: stream_config! [StreamConfig]|StreamConfig, components_mapping! [ComponentMappingDefinition]
        ConfigMigration: description text, transformations! [ConfigRemapField|ConfigAddFields|ConfigRemoveFields|CustomConfigTransformation]
        DpathValidator: field_path! [text], validation_strategy! ValidateAdheresToSchema|CustomValidationStrategy
        HttpComponentsResolver: retriever! SimpleRetriever|AsyncRetriever|CustomRetriever, components_mapping! [ComponentMappingDefinition]
        ParametrizedComponentsResolver: stream_parameters! StreamParametersDefinition, components_mapping! [ComponentMappingDefinition]
        PredicateValidator: value! any, validation_strategy! ValidateAdheresToSchema|CustomValidationStrategy
        StreamConfig: configs_pointer! [text], default_values [map]
        StreamParametersDefinition: list_of_parameters_for_stream! [map]
        """;

    static Dictionary<string, IReadOnlyDictionary<string, ManifestField>> Read() =>
        Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').Select(l => l.Split(':', 2)).ToDictionary(
            l => l[0],
            IReadOnlyDictionary<string, ManifestField> (l) => l[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Field).ToDictionary(f => f.Name, StringComparer.Ordinal),
            StringComparer.Ordinal);

    static ManifestField Field(string text)
    {
        var parts = text.Split(' ');
        var kinds = parts[1];
        return new(parts[0].TrimEnd('!'), parts[0].EndsWith('!'), kinds.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('|'), kinds.Contains('[', StringComparison.Ordinal));
    }
}
