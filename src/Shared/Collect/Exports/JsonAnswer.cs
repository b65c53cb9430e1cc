using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Values of a JSON answer that is about data rather than being data: an export's job, its status, its parts.</summary>
internal sealed class JsonAnswer : IDisposable
{
    const int MaxBytes = 64 << 20;

    readonly JsonDocument? _document;
    readonly JsonElement _root;

    JsonAnswer(JsonDocument? document, JsonElement root) => (_document, _root) = (document, root);

    /// <summary>Reads a body; one that is no JSON, or over 64 MiB, has no values.</summary>
    public static async ValueTask<JsonAnswer> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        if (body.Length > MaxBytes)
            return new(null, default);
        try
        {
            var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return new(document, document.RootElement);
        }
        catch (JsonException)
        {
            return new(null, default);
        }
    }

    /// <summary>The first value at a path, as text; null where there is none, or null.</summary>
    public string? Find(string? path) => path is null ? null : All(path).FirstOrDefault();

    /// <summary>The values at a path, as texts, in order. Where a list stands, what is in it.</summary>
    public IEnumerable<string> All(string path) => Follow(_root, RecordPath.Parse(path).Steps, 0).SelectMany(Members).Select(Text).OfType<string>();

    /// <summary>The first of several parts of it that has a value at a path; null where none has. Goes with this object.</summary>
    public JsonAnswer? Select(string path, string field, string value) =>
        Follow(_root, RecordPath.Parse(path).Steps, 0).SelectMany(Members).Select(e => new JsonAnswer(null, e)).FirstOrDefault(e => e.Find(field) == value);

    public void Dispose() => _document?.Dispose();

    static IEnumerable<JsonElement> Follow(JsonElement element, IReadOnlyList<RecordStep> steps, int from)
    {
        if (element.ValueKind is JsonValueKind.Undefined)
            return [];
        if (from == steps.Count)
            return [element];
        var step = steps[from];
        return element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Where(p => step.Takes(Encoding.UTF8.GetBytes(p.Name))).SelectMany(p => Follow(p.Value, steps, from + 1)),
            JsonValueKind.Array => element.EnumerateArray().Where((_, place) => step.Takes(place)).SelectMany(e => Follow(e, steps, from + 1)),
            _ => [],
        };
    }

    static IEnumerable<JsonElement> Members(JsonElement element) => element.ValueKind is JsonValueKind.Array ? element.EnumerateArray() : [element];

    static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => element.GetRawText(),
    };
}
