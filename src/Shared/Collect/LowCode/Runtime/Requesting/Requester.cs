using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Makes requests (<c>HttpRequester</c>).</summary>
internal sealed class Requester
{
    static readonly string[] WithBody = ["POST", "PUT", "PATCH"];

    readonly LowCodeRun _run;
    readonly Expression? _url;
    readonly Expression? _base;
    readonly Expression? _path;
    readonly string _method;
    readonly OptionFields _query;
    readonly OptionFields _headers;
    readonly BasicHeader? _basic;
    readonly RequestBody _body;
    readonly Authenticator _authenticator;
    readonly ErrorHandler _errors;
    readonly HeaderNames _headersOfInterest;

    public Requester(Part part, LowCodeRun run, HeaderNames? headers = null)
    {
        if (part.Type is not ("HttpRequester" or ""))
            throw part.Unknown("requester");
        _run = run;
        _url = part.Expression("url");
        _base = part.Expression("url_base");
        _path = part.Expression("path");
        _method = part.Text("http_method")?.ToUpperInvariant() ?? part.Text("method")?.ToUpperInvariant() ?? "GET";

        // Manifests of the first versions keep them in a provider of their own.
        var provider = part.Child("request_options_provider") ?? part;
        Properties = QueryProperties.Of(part, provider, run);
        _query = new(provider, "request_parameters", ValueKinds.Text | ValueKinds.List, Properties?.Parameter);
        _basic = BasicHeader.Of(provider, "request_headers");
        _headers = new(provider, "request_headers", default(ValueKinds), _basic?.Name);
        _body = new(provider);
        _authenticator = Authenticator.Of(part.Child("authenticator"), run);
        _errors = ErrorHandler.Of(part.Child("error_handler"), run);
        _headersOfInterest = headers ?? new();
    }

    /// <summary>Properties that are asked for in several requests; null where there are none.</summary>
    public QueryProperties? Properties { get; }

    /// <summary>Makes a request.</summary>
    /// <param name="slice">What it is about.</param>
    /// <param name="token">The page; null for the first.</param>
    /// <param name="path">Where the page is, instead of the requester's path; null for that.</param>
    /// <param name="putMore">Puts in what belongs to the page and the slice.</param>
    public Ask Make(StreamSlice slice, object? token = null, string? path = null, Action<RequestOptions, TemplateContext>? putMore = null)
    {
        var context = _run.For(slice, token);
        var options = new RequestOptions();
        _query.Put(options.Query, context);
        foreach (var (name, value) in _headers.Evaluate(context))
            options.Headers[name] = PythonText.Str(value);
        if (Properties?.Parameter is { } parameter && slice.Extra.Find("query_properties") is List<object?> properties)
            options.Query[parameter] = string.Join(',', properties.Select(PythonText.Str));
        _body.Put(options, context);
        putMore?.Invoke(options, context);
        var auth = _authenticator.Put(options, context) ?? _basic?.Authentication(context);

        var query = RequestTexts.Pairs(options.Query).ToList();
        var address = WithoutRepeated(RequestTexts.Address(Address(context, path)), query, auth);
        var (body, type) = WithBody.Contains(_method) ? RequestBody.Write(options) : (null, null);
        options.Headers.Remove("Content-Type");
        options.Headers.Remove("Content-Length");
        return new(new SourceRequest
        {
            Method = _method,
            Path = _run.Checked(address),
            Query = [.. query.Select(q => KeyValuePair.Create(q.Key, _run.Checked(q.Value)))],
            Headers = options.Headers.ToDictionary(h => h.Key, h => _run.Checked(h.Value), StringComparer.OrdinalIgnoreCase),
            Auth = auth,
            Body = body is null ? null : _run.Checked(body),
            ContentType = type ?? "application/json",
            Judge = _errors.Judge(context),
        })
        {
            Headers = _headersOfInterest.All,
        };
    }

    string Address(TemplateContext context, string? page)
    {
        var start = _base is null or { IsEmpty: true } ? "" : _base.Text(context);
        var path = page ?? _path?.Text(context).TrimStart('/') ?? "";
        return start.Length > 0 ? RequestTexts.Join(start, path) : RequestTexts.Join(_url?.Text(context) ?? "", path);
    }

    // The address of a next page often repeats parameters, the key among them, which must not be kept in clear.
    static string WithoutRepeated(string address, List<KeyValuePair<string, string>> query, AuthenticationDefinition? auth)
    {
        if (address.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and var mark))
            return address;
        List<string> kept = [];
        foreach (var part in address[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var (name, value) = (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1].Replace('+', ' ')) : "");
            if (name == auth?["query"] || query.Exists(q => q.Key == name && q.Value.Contains("${", StringComparison.Ordinal)))
                continue;
            query.RemoveAll(q => q.Key == name && q.Value == value);
            kept.Add(part);
        }

        return kept.Count == 0 ? address[..mark] : $"{address[..mark]}?{string.Join('&', kept)}";
    }
}
