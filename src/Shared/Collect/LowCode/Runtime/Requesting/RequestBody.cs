namespace DataIngestion.Collect;

/// <summary>The body of a request: <c>request_body_json</c>, <c>request_body_data</c>, or one of the typed <c>request_body</c>.</summary>
internal sealed class RequestBody
{
    readonly Part _part;
    readonly OptionFields? _form;
    readonly object? _json;

    public RequestBody(Part part)
    {
        _part = part;
        if (part.Child("request_body") is { } typed)
        {
            _part = typed;
            switch (typed.Type)
            {
                case "RequestBodyJsonObject":
                    _json = typed.Plain("value");
                    break;
                case "RequestBodyGraphQL":
                    _json = typed.Plain("value") is LowCodeMap value ? new LowCodeMap(value.Where(member => member.Key != "type")) : throw typed.Fault("'value' is no mapping.");
                    break;
                case "RequestBodyPlainText" or "RequestBodyUrlEncodedForm":
                    _form = new(typed, "value", ValueKinds.Text | ValueKinds.List);
                    break;
                default:
                    throw typed.Unknown("body");
            }
        }
        else
        {
            _json = part.Plain("request_body_json");
            if (part.Has("request_body_data"))
                _form = new(part, "request_body_data", ValueKinds.Text | ValueKinds.List);
        }
    }

    /// <summary>Puts the values in.</summary>
    public void Put(RequestOptions options, TemplateContext context)
    {
        if (_form is not null)
        {
            options.Text = _form.Text(context);
            if (options.Text is null)
                _form.Put(options.Form, context);
        }

        if (_json is not null && Nested(_json, context) is LowCodeMap members)
        {
            foreach (var (name, value) in members.Where(m => m.Value is not null))
                options.Json[name] = value;
        }
    }

    /// <summary>A body and what it is; null where there is none.</summary>
    public static (string? Body, string? Type) Write(RequestOptions options)
    {
        var declared = options.Headers.GetValueOrDefault("Content-Type");
        if (options.Text is { } text)
            return (text, declared ?? "text/plain");
        if (options.Form.Count > 0)
            return (RequestTexts.Form(options.Form), "application/x-www-form-urlencoded");
        return options.Json.Count > 0 ? (JsonValues.Write(options.Json), declared ?? "application/json") : (null, null);
    }

    object? Nested(object? value, TemplateContext context)
    {
        switch (value)
        {
            case string text:
                return _part.Evaluated(text, "request_body").Entry(context);
            case LowCodeMap map:
                var members = new LowCodeMap();
                foreach (var (name, member) in map)
                    members[_part.Evaluated(name, "request_body").Text(context)] = Nested(member, context);
                return members;
            case List<object?> list:
                return list.ConvertAll(item => Nested(item, context));
            default:
                return value;
        }
    }
}
