using System.Text.Json;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Fills a configured request with a collection's cursor and window, and with the page.</summary>
/// <param name="dataset">Its request, cursor and pagination.</param>
/// <param name="from">Value for <c>{cursor}</c>, <c>{from}</c> and the cursor's parameter; null leaves parameters that need it out.</param>
/// <param name="to">Value for <c>{to}</c>.</param>
/// <param name="named">Values by name, of partitions and of an export's job and part.</param>
internal sealed class RequestTemplate(SourceDatasetDefinition dataset, string? from, string to, IReadOnlyDictionary<string, string>? named = null)
{
    static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    readonly AnswerRules? _judge = AnswerRules.Of(dataset);
    readonly CursorValues? _values = dataset.Cursor is { } cursor ? new(cursor) : null;

    /// <summary>The request for a page.</summary>
    /// <param name="page">Its number or token; null for the first page by token, and where there are no pages.</param>
    public SourceRequest Fill(string? page = null)
    {
        var request = dataset.Request!;
        var values = new Placeholders(
        [
            ValueOf("{cursor}", from),
            ValueOf("{from}", from),
            ValueOf("{to}", to),
            new("{page}", page, dataset.Pagination is { Kind: PaginationKind.Page or PaginationKind.Offset }),
            .. (named ?? Nothing).Select(n => NamedValueOf(n.Key, n.Value)),
        ]);
        var (body, contentType) = BodyOf(request, values);
        return new()
        {
            Method = request.Graphql is null ? request.Method : "POST",
            Path = values.Fill(request.Path, Uri.EscapeDataString),
            Query = QueryOf(request, values, page),
            Headers = request.Headers.Where(h => values.Suffice(h.Value)).ToDictionary(h => h.Key, h => values.Fill(h.Value)),
            Auth = request.Auth,
            Body = body,
            ContentType = contentType,
            IsGraphql = request.Graphql is not null,
            Judge = _judge,
            Weight = request.Weight,
        };
    }

    // A day of a partition is written in the partition's format, unless a text asks for another.
    Placeholder NamedValueOf(string name, string value)
    {
        DateTimeOffset? day = dataset.Partitions.FirstOrDefault(p => p.Name == name)?.Dates is { } dates && InstantFormat.TryRead(dates.Format, value, out var told) ? told : null;
        return new($"{{{name}}}", value, IsNumber: false) { Instant = day, TakesFormat = day is not null };
    }

    // Without a cursor the end is an instant all the same.
    Placeholder ValueOf(string name, string? value)
    {
        var isNumber = dataset.Cursor is { Type: CursorType.Integer } || dataset.Cursor?.Format?.StartsWith("unix-", StringComparison.Ordinal) is true;
        DateTimeOffset? instant = _values is not null ? _values.TryInstant(value, out var told) ? told : null
            : DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var end) ? end : null;
        return new(name, value is null ? null : _values?.Asked(value) ?? value, isNumber) { Instant = instant, TakesFormat = true };
    }

    List<KeyValuePair<string, string>> QueryOf(RequestDefinition request, Placeholders values, string? page)
    {
        var query = request.Query.Where(q => values.Suffice(q.Value)).Select(q => KeyValuePair.Create(q.Key, values.Fill(q.Value))).ToList();
        if (dataset.Cursor is { Parameter: { } parameterOfCursor } && from is not null && !request.Query.ContainsKey(parameterOfCursor))
            query.Add(new(parameterOfCursor, Placeholders.Checked(_values!.Asked(from))));
        if (dataset.Cursor is { ToParameter: { } parameterOfEnd } && !request.Query.ContainsKey(parameterOfEnd))
            query.Add(new(parameterOfEnd, Placeholders.Checked(_values!.Asked(to))));
        foreach (var partition in dataset.Partitions)
        {
            if (partition.Parameter is { } parameter && named?.GetValueOrDefault(partition.Name) is { } value && !request.Query.ContainsKey(parameter))
                query.Add(new(parameter, Placeholders.Checked(value)));
        }

        if (dataset.Pagination is { SizeParameter: { Length: > 0 } size, Size: { } records })
            query.Add(new(size, records.ToString()));
        if (dataset.Pagination is { Parameter: { Length: > 0 } parameterOfPage } && page is not null)
        {
            var at = query.FindIndex(q => q.Key == parameterOfPage);
            query.RemoveAll(q => q.Key == parameterOfPage);
            query.Insert(at < 0 ? query.Count : at, new(parameterOfPage, Placeholders.Checked(page)));
        }

        return query;
    }

    static (string? Body, string Type) BodyOf(RequestDefinition request, Placeholders values)
    {
        if (request.Graphql is { } graphql)
            return (BodyOf(graphql, values), "application/json");
        if (request.Form.Count > 0)
        {
            var fields = request.Form.Where(f => values.Suffice(f.Value)).Select(f => $"{Uri.EscapeDataString(f.Key)}={EscapeText(values.Fill(f.Value))}");
            return (string.Join('&', fields), "application/x-www-form-urlencoded");
        }

        var type = request.ContentType ?? "application/json";
        var syntax = BodySyntaxes.Of(type);
        return (request.Body is not { } body ? null : syntax is BodySyntax.Json ? values.FillJson(body) : values.Fill(body, value => syntax.Escape(value)), type);
    }

    static string BodyOf(GraphqlDefinition graphql, Placeholders values)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("query", graphql.Query);
            if (graphql.OperationName is { } operation)
                writer.WriteString("operationName", operation);
            if (graphql.Variables.Count > 0)
            {
                writer.WriteStartObject("variables");
                foreach (var (name, value) in graphql.Variables)
                {
                    writer.WritePropertyName(name);
                    if (values.FillJson(value) is var filled && IsJson(filled))
                        writer.WriteRawValue(filled);
                    else
                        writer.WriteStringValue(values.Fill(value));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(json.ToArray());
    }

    static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // References stay readable, to be resolved when it is sent.
    static string EscapeText(string value) =>
        Uri.EscapeDataString(value).Replace("%24%7B", "${", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal);
}
