using System.Text;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>Reads answers into values: one for a document, one for each line or row.</summary>
internal abstract class Decoder
{
    /// <summary>Values of an answer, read as they are asked for.</summary>
    /// <exception cref="UnexpectedContentException">It is not what it should be.</exception>
    public abstract IEnumerable<object?> Read(Stream body);

    /// <summary>Looks whether an answer is what it should be, as far as that can be seen.</summary>
    /// <exception cref="UnexpectedContentException">It is not.</exception>
    public virtual void Check(Stream body)
    {
        Span<byte> head = stackalloc byte[512];
        var text = Encoding.ASCII.GetString(head[..body.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]).TrimStart('?', '\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            throw new UnexpectedContentException("is an HTML page: expected data");
    }

    /// <summary>The decoder of a component; JSON where there is none.</summary>
    public static Decoder Of(Part? part) => part?.Type switch
    {
        null or "" or "JsonDecoder" or "JsonParser" => new JsonDecoder(),
        "JsonItemsDecoder" => new JsonItems(part.Text("items_path") ?? ""),
        "JsonlDecoder" or "JsonLineParser" => new JsonLines(),
        "IterableDecoder" => new Lines(),
        "XmlDecoder" => new XmlDecoder(),
        "CsvDecoder" or "CsvParser" => new CsvDecoder(part),
        "GzipDecoder" or "GzipParser" => new GzipDecoder(Of(part.Child("decoder") ?? part.Child("inner_parser"))),
        "GzipJsonDecoder" => new GzipDecoder(new JsonDecoder()),
        "ZipfileDecoder" => new ZipDecoder(Of(part.Child("decoder") ?? part.Child("parser"))),
        "CompositeRawDecoder" => Of(part.Child("parser")),
        _ => throw part.Unknown("decoder"),
    };

    sealed class JsonDecoder : Decoder
    {
        public override IEnumerable<object?> Read(Stream body)
        {
            var document = Document(body);
            return document as List<object?> ?? [document];
        }

        public override void Check(Stream body)
        {
            base.Check(body);
            body.Position = 0;
            _ = Document(body);
        }

        static object? Document(Stream body)
        {
            if (body.Length == 0)
                return new LowCodeMap();
            try
            {
                return JsonValues.Read(body);
            }
            catch (JsonException wrong)
            {
                throw new UnexpectedContentException($"is no JSON ({wrong.Message})");
            }
        }
    }

    sealed class JsonItems(string path) : Decoder
    {
        public override IEnumerable<object?> Read(Stream body) =>
            new JsonDecoder().Read(body).SelectMany(value => DataPath.FindAll(value, path.Split('.'))).SelectMany(found => found is List<object?> list ? list : [found]);
    }

    sealed class JsonLines : Decoder
    {
        public override IEnumerable<object?> Read(Stream body)
        {
            using var lines = new StreamReader(body, Encoding.UTF8, leaveOpen: true);
            for (var number = 1; lines.ReadLine() is { } line; number++)
            {
                if (string.IsNullOrWhiteSpace(line))
                    continue;
                object? value;
                try
                {
                    value = JsonValues.Read(Encoding.UTF8.GetBytes(line));
                }
                catch (JsonException wrong)
                {
                    throw new UnexpectedContentException($"has no JSON in line {number} ({wrong.Message})");
                }

                yield return value;
            }
        }
    }

    sealed class Lines : Decoder
    {
        public override IEnumerable<object?> Read(Stream body)
        {
            using var lines = new StreamReader(body, Encoding.UTF8, leaveOpen: true);
            while (lines.ReadLine() is { } line)
                yield return new LowCodeMap { ["record"] = line };
        }
    }
}
