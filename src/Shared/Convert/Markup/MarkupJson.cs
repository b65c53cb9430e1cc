using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataIngestion.Conversion.Markup;

/// <summary>Parts of a record as JSON text.</summary>
internal static class MarkupJson
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1_000 };

    /// <summary>Elements with all that is inside: an array of objects, texts as strings.</summary>
    public static string Of(IReadOnlyList<MarkupElement> elements) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var element in elements)
            Value(writer, element);
        writer.WriteEndArray();
    });

    /// <summary>What nobody took of an element, by the path of names; null where nothing is left.</summary>
    public static string? Left(MarkupElement record)
    {
        var left = new List<(string Path, string Value)>();
        Collect(record, [], left);
        return left.Count == 0 ? null : Of(left);
    }

    /// <summary>Pairs as one object; a name that repeats is numbered, <c>a[2]</c>.</summary>
    public static string Of(IEnumerable<(string Name, string Value)> pairs) => Write(writer =>
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var (name, value) in pairs)
        {
            var times = seen[name] = seen.GetValueOrDefault(name) + 1;
            writer.WriteString(times == 1 ? name : $"{name}[{times}]", value);
        }

        writer.WriteEndObject();
    });

    static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void Value(Utf8JsonWriter writer, MarkupElement element)
    {
        if (element.Children.Count == 0 && !element.Attributes.Any())
        {
            writer.WriteStringValue(element.Text.Trim());
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, value) in element.Attributes)
            writer.WriteString("@" + name, value);
        foreach (var group in element.Children.GroupBy(c => c.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(group.Key);
            var several = group.Skip(1).Any();
            if (several)
                writer.WriteStartArray();
            foreach (var child in group)
                Value(writer, child);
            if (several)
                writer.WriteEndArray();
        }

        if (element.Text.Trim() is { Length: > 0 } text)
            writer.WriteString("#text", text);
        writer.WriteEndObject();
    }

    static void Collect(MarkupElement element, List<string> path, List<(string Path, string Value)> left)
    {
        if (element.HasLeft)
            left.AddRange(element.Left.Select(a => (string.Join('/', path.Append("@" + a.Name)), a.Value)));
        if (!element.IsTaken && !element.Text.AsSpan().Trim().IsEmpty)
            left.Add((path.Count == 0 ? "#text" : string.Join('/', path), element.Text.Trim()));
        foreach (var child in element.Children)
        {
            path.Add(child.Name);
            Collect(child, path, left);
            path.RemoveAt(path.Count - 1);
        }
    }
}
