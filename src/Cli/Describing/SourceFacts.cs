using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Describing;

/// <summary>What a definition says, in words.</summary>
internal static class SourceFacts
{
    /// <summary>Names of the settings that a source refers to, by name.</summary>
    public static IReadOnlyList<string> SettingsOf(SourceDefinition source) =>
        [.. SecretReference.NamesIn(JsonSerializer.Serialize(source, Plain)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a source wants to know who asks.</summary>
    public static bool NeedsKey(SourceDefinition source) =>
        source.Connection?.Auth is { } auth && auth.Kind != AuthenticationDefinition.None || SettingsOf(source).Count > 0;

    /// <summary>Its kind as a word.</summary>
    public static string KindOf(SourceDefinition source) => RecordFields.WordOf(source.Kind.ToString());

    /// <summary>When it runs by itself.</summary>
    public static string ScheduleOf(SourceDefinition source) => source switch
    {
        { Schedule: null, Kind: SourceKind.File, Connection: null } => "when a file is dropped",
        { Schedule: null } => "on request",
        { Schedule.Cron: { } cron } => $"`{cron}` in {source.Schedule.TimeZone}",
        _ => $"every {Duration.Format(source.Schedule.Every ?? TimeSpan.Zero)}",
    };

    /// <summary>Its limits.</summary>
    public static string LimitsOf(LimitsDefinition limits)
    {
        List<string> facts =
        [
            $"{Number(limits.RequestsPerSecond)} requests a second, {limits.Burst} at once after a pause, {limits.MaxConcurrent} under way",
            $"{limits.Attempts} attempts, {Duration.Format(limits.AttemptTimeout)} each, {Duration.Format(limits.TotalTimeout)} in all",
        ];
        if (limits.Quota is { } quota)
            facts.Add($"shared by all workers: {string.Join(", ", quota.Limits().Select(l => $"{l.Permits.ToString("N0", CultureInfo.InvariantCulture)} in {Duration.Format(l.Per)}"))}");
        return string.Join("; ", facts);
    }

    /// <summary>How it proves who asks.</summary>
    public static string AuthenticationOf(AuthenticationDefinition? auth) => auth switch
    {
        null => "none",
        { Template: { } template } => $"template `{template}`",
        { Kind: "api-key" } when auth["header"] is { } header => $"`api-key` in the header `{header}`",
        { Kind: "api-key" } when auth["query"] is { } parameter => $"`api-key` in the query parameter `{parameter}`",
        _ => $"`{auth.Kind}`",
    };

    /// <summary>What is asked for.</summary>
    public static string RequestOf(RequestDefinition request)
    {
        var method = request.Graphql is not null ? "POST (GraphQL)" : request.Method;
        var query = request.Query.Count == 0 ? "" : "?" + string.Join('&', request.Query.Select(q => $"{q.Key}={q.Value}"));
        return Markdown.Quote($"{method} {request.Path}{query}") + (request.Download ? ", a download" : "");
    }

    /// <summary>How pages are turned.</summary>
    public static string PagesOf(PaginationDefinition? pages)
    {
        if (pages is null)
            return "one answer is all";
        var how = pages.Kind switch
        {
            PaginationKind.Page => $"by number{By(pages.Parameter)}, from {pages.FirstPage}",
            PaginationKind.Offset => $"by offset{By(pages.Parameter)}",
            PaginationKind.Cursor => $"by the token at `{pages.NextPath}`{By(pages.Parameter)}",
            PaginationKind.Header => $"by the token in the header `{pages.Header}`{By(pages.Parameter)}",
            PaginationKind.Link => "by the `Link` header",
            PaginationKind.Url => $"by the address at `{pages.NextPath}`",
            _ => $"by the last record's `{pages.Field}`{By(pages.Parameter)}",
        };
        return how + (pages.Size is { } size ? $", {size.ToString("N0", CultureInfo.InvariantCulture)} records each" : "");

        static string By(string? parameter) => parameter is null ? "" : $" (`{parameter}`)";
    }

    /// <summary>How later runs find what is new.</summary>
    public static string CursorOf(CursorDefinition? cursor)
    {
        if (cursor is null)
            return "every run fetches all";
        List<string> facts = [$"{RecordFields.WordOf(cursor.Type.ToString())} `{cursor.Field}`"];
        if (cursor.Parameter is { } parameter)
            facts.Add($"asked by `{parameter}`{(cursor.ToParameter is { } to ? $" to `{to}`" : "")}");
        if (cursor.Start is { } start)
            facts.Add($"from {start} on");
        if (cursor.Overlap is { } overlap)
            facts.Add($"{overlap} again behind it");
        if (cursor.Step is { } step)
            facts.Add($"{Duration.Format(step)} a request");
        if (cursor.Delay is { } delay)
            facts.Add($"up to {Duration.Format(delay)} ago");
        return string.Join(", ", facts);
    }

    /// <summary>One partition.</summary>
    public static string PartitionOf(PartitionDefinition partition)
    {
        var values = partition switch
        {
            { Dates: { } dates } => $"one a {RecordFields.WordOf(dates.Step.ToString())} from {dates.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} on{(dates.Weekdays ? ", weekdays only" : "")}",
            { Parent: { } parent } => $"each `{parent.Field}` of `{parent.Dataset}`",
            _ => string.Join(", ", partition.Values.Take(12).Select(Markdown.Quote)) + (partition.Values.Count > 12 ? $" … ({partition.Values.Count} in all)" : ""),
        };
        return $"`{partition.Name}`: {values}{(partition.Batch > 1 ? $"; {partition.Batch} a request" : "")}";
    }

    /// <summary>Where a column's values come from.</summary>
    public static string FromOf(SourceDatasetDefinition dataset, string column) =>
        !dataset.Columns.TryGetValue(column, out var mapping) ? dataset.Columns.Count == 0 ? $"`{column}`" : ""
        : mapping.From is { } field ? Field(mapping, field)
        : mapping.Constant is { } constant ? $"always {Markdown.Quote(constant)}"
        : mapping.Partition is { } partition ? $"the partition `{partition}`"
        : mapping.FileName is { } name ? $"the file's name, {Markdown.Quote(name)}"
        : "";

    /// <summary>A column's type.</summary>
    public static string TypeOf(ColumnDefinition column) =>
        (column.Type is ColumnKind.Decimal ? $"decimal({column.Precision},{column.Scale})" : RecordFields.WordOf(column.Type.ToString()))
        + (column.Identifier is { } identifier ? $", {RecordFields.WordOf(identifier.ToString()).ToUpperInvariant()}" : "");

    static string Field(ColumnMapping mapping, string field)
    {
        var text = Markdown.Quote(field);
        if (mapping.Format is { } format)
            text += $", written {Markdown.Quote(format)}";
        if (mapping.Values.Count > 0)
            text += $" ({string.Join(", ", mapping.Values.Take(6).Select(v => $"{v.Key} is {v.Value}"))}{(mapping.Values.Count > 6 ? " …" : "")})";
        return mapping.Default is { } other ? $"{text}, {Markdown.Quote(other)} without it" : text;
    }

    // As references are written, so that names in file: and keyvault: references are seen too.
    static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
