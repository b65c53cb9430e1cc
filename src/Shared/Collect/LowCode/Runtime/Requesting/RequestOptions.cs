namespace DataIngestion.Collect;

/// <summary>What is put into a request, from the requester, its pages, its slice and its authentication. What comes later counts.</summary>
internal sealed class RequestOptions
{
    /// <summary>Parameters of the query; a list stands for several of the name.</summary>
    public LowCodeMap Query { get; } = [];

    /// <summary>Headers.</summary>
    public OrderedDictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fields of a form.</summary>
    public LowCodeMap Form { get; } = [];

    /// <summary>Members of a JSON body.</summary>
    public LowCodeMap Json { get; } = [];

    /// <summary>A body as text; null for none.</summary>
    public string? Text { get; set; }

    /// <summary>Puts a value in where a manifest's <c>inject_into</c> says.</summary>
    public void Put(string where, IReadOnlyList<string> path, object? value)
    {
        switch (where)
        {
            case "header": Headers[path[0]] = PythonText.Str(value); break;
            case "body_data": Form[path[0]] = value; break;
            case "body_json": DataPath.Put(Json, path, value); break;
            default: Query[path[0]] = value; break;
        }
    }
}
