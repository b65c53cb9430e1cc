namespace DataIngestion.Collect;

/// <summary>Where in a request a value goes (<c>RequestOption</c>).</summary>
internal sealed class InjectedOption
{
    static readonly string[] Places = ["request_parameter", "header", "body_data", "body_json"];

    readonly string _where;
    readonly IReadOnlyList<Expression> _path;

    public InjectedOption(Part part)
    {
        _where = part.Text("inject_into") ?? throw part.Fault("'inject_into' is missing.");
        if (!Places.Contains(_where))
            throw part.Fault($"'inject_into' is '{_where}': expected one of {string.Join(", ", Places)}.");
        _path = part.Has("field_name") ? part.Expressions("field_name") : part.Expressions("field_path");
        if (_path.Count == 0)
            throw part.Fault("'field_name' is missing.");
        if (_path.Count > 1 && _where != "body_json")
            throw part.Fault("'field_path' leads into JSON only: expected a 'field_name'.");
    }

    /// <summary>Reads a field that holds one; null where there is none.</summary>
    public static InjectedOption? Of(Part part, string name) => part.Child(name) is { } option ? new(option) : null;

    /// <summary>Puts a value in.</summary>
    public void Put(RequestOptions options, object? value, TemplateContext context) => options.Put(_where, [.. _path.Select(step => step.Text(context))], value);
}
