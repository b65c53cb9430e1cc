using DataIngestion.Connect;

namespace DataIngestion.Collect;

/// <summary>Answers that one rule is about (<c>HttpResponseFilter</c>): those that any of its conditions fits.</summary>
internal sealed class ResponseFilter
{
    static readonly string[] Actions = ["SUCCESS", "FAIL", "RETRY", "IGNORE", "RATE_LIMITED", "REFRESH_TOKEN_THEN_RETRY"];
    static readonly string[] MessageNames = ["message", "messages", "error", "errors", "failures", "failure", "detail", "err", "error_message", "msg", "reason", "status_message"];

    readonly HashSet<long> _codes;
    readonly string? _contains;
    readonly Expression? _predicate;
    readonly Expression? _message;

    public ResponseFilter(Part part)
    {
        _codes = [.. part.Plain("http_codes") is List<object?> codes ? codes.Select(code => part.Evaluated(code, "http_codes").Value(Nothing) is long number ? number : throw part.Fault("'http_codes' holds what is no number.")) : []];
        _contains = part.Text("error_message_contains") is { Length: > 0 } text ? text : null;
        _predicate = part.Expression("predicate") is { IsEmpty: false } predicate ? predicate : null;
        _message = part.Expression("error_message");
        Action = part.Text("action") ?? ""; // one without an action is about nothing
        if (part.Text("action") == "RESET_PAGINATION")
            throw part.Fault("'RESET_PAGINATION' cannot be run: expected windows ('step') that are small enough for the source.");
        if (Action.Length > 0 && !Actions.Contains(Action))
            throw part.Fault($"'action' is '{Action}': expected one of {string.Join(", ", Actions)}.");
    }

    /// <summary>What such an answer leads to.</summary>
    public string Action { get; }

    /// <summary>Its templates.</summary>
    public IEnumerable<Expression?> Templates => [_predicate, _message];

    static TemplateContext Nothing { get; } = new(new Dictionary<string, object?>(), TimeProvider.System, new Random(0));

    /// <summary>Whether it is about an answer.</summary>
    public bool Fits(JudgedAnswer answer, TemplateContext context) =>
        Action.Length > 0 && (_codes.Contains(answer.Status) || _predicate?.Holds(context) is true
            || (_contains is not null && MessageOf(context.Variables["response"]).Contains(_contains, StringComparison.Ordinal)));

    /// <summary>What is said of it; null where nothing is.</summary>
    public string? Message(TemplateContext context)
    {
        var said = _message?.TextEntry(context);
        return said ?? (MessageOf(context.Variables["response"]) is { Length: > 0 } own ? own : null);
    }

    // Where sources usually say what is wrong.
    static string MessageOf(object? value) => value switch
    {
        string text => text,
        List<object?> list => string.Join(", ", list.Select(MessageOf).Where(text => text.Length > 0)),
        LowCodeMap map => MessageNames.Where(map.ContainsKey).Select(name => MessageOf(map[name])).FirstOrDefault(text => text.Length > 0) ?? "",
        _ => "",
    };
}
