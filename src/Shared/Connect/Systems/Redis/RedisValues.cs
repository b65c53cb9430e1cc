using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>A key with its value, as it was read.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">Redis' word for its type.</param>
/// <param name="TimeToLive">Milliseconds until it expires; null for never.</param>
/// <param name="Payload">The value for <see cref="MessageLines"/>.</param>
/// <param name="IsNull">Whether there is none: a type that is not read here.</param>
internal sealed record RedisRecord(byte[] Key, string Type, long? TimeToLive, ReadOnlyMemory<byte> Payload, bool IsNull = false);

/// <summary>Reads the values of keys, many at once, and writes them as JSON.</summary>
internal sealed class RedisValues(RedisConnection connection, RedisReadOptions options)
{
    /// <summary>The keys that still exist, with their values.</summary>
    public async Task<IReadOnlyList<RedisRecord>> ReadAsync(IServer server, IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        var types = await connection.AskAsync("the types of keys were asked for", () => Task.WhenAll(keys.Select(k => connection.SendAsync(server, "TYPE", (RedisKey)k))), cancellationToken);
        var wanted = new List<(byte[] Key, string Type)>();
        for (var i = 0; i < keys.Count; i++)
        {
            var type = (string)types[i]!;
            if (type != "none" && (options.Mode != RedisMode.Hashes || type == "hash"))
                wanted.Add((keys[i], type));
        }

        await CheckSizesAsync(server, wanted, cancellationToken);
        var values = await connection.AskAsync("values were asked for", () => Task.WhenAll(wanted.Select(w => ValueAsync(server, w.Key, w.Type))), cancellationToken);
        var lives = await connection.AskAsync("times to live were asked for", () => Task.WhenAll(wanted.Select(w => connection.SendAsync(server, "PTTL", (RedisKey)w.Key))), cancellationToken);
        var records = new List<RedisRecord>(wanted.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            var life = (long)lives[i];
            if (values[i] is { } value && life != -2) // -2: it expired or was deleted in between
                records.Add(RecordOf(wanted[i].Key, wanted[i].Type, life < 0 ? null : life, value));
        }

        return records;
    }

    async Task CheckSizesAsync(IServer server, IReadOnlyList<(byte[] Key, string Type)> keys, CancellationToken cancellationToken)
    {
        var sized = keys.Where(k => LengthOf(k.Type) is not null).ToList();
        var lengths = await connection.AskAsync("lengths were asked for", () => Task.WhenAll(sized.Select(k => LengthAsync(server, k.Key, k.Type))), cancellationToken);
        for (var i = 0; i < sized.Count; i++)
        {
            if (lengths[i] > options.MaxElements)
            {
                throw connection.Site.Fail(
                    "record-too-large",
                    $"The {sized[i].Type} '{TextOf(sized[i].Key)}' has {lengths[i]} elements: expected at most {options.MaxElements}. Raise 'maxElements', or exclude the key by 'object'.",
                    isTransient: false);
            }
        }
    }

    async Task<long> LengthAsync(IServer server, byte[] key, string type)
    {
        try
        {
            return (long)await connection.SendAsync(server, LengthOf(type)!, (RedisKey)key);
        }
        catch (RedisServerException changed) when (changed.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return 0;
        }
    }

    static string? LengthOf(string type) => type switch { "list" => "LLEN", "set" => "SCARD", "zset" => "ZCARD", "hash" => "HLEN", _ => null };

    // Null when the key has gone, or changed its type since: SCAN promises nothing of keys that change meanwhile.
    async Task<RedisResult?> ValueAsync(IServer server, byte[] bytes, string type)
    {
        RedisKey key = bytes;
        try
        {
            var value = type switch
            {
                "string" => await connection.SendAsync(server, "GET", key),
                "list" => await connection.SendAsync(server, "LRANGE", key, 0, -1),
                "set" => await connection.SendAsync(server, "SMEMBERS", key),
                "zset" => await connection.SendAsync(server, "ZRANGE", key, 0, -1, "WITHSCORES"),
                "hash" => await connection.SendAsync(server, "HGETALL", key),
                _ => RedisResult.Create(RedisValue.EmptyString),
            };
            return value.IsNull ? null : value;
        }
        catch (RedisServerException changed) when (changed.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return null;
        }
    }

    RedisRecord RecordOf(byte[] key, string type, long? life, RedisResult value)
    {
        if (type == "string")
            return new(key, type, life, (byte[])value!);
        if (type is not ("list" or "set" or "zset" or "hash"))
            return new(key, type, life, default, IsNull: true);
        var elements = Flat(value).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (options.Mode == RedisMode.Hashes)
            WriteFields(json, elements);
        else
            WriteValue(json, type, elements);
        json.WriteEndObject();
        json.Flush();
        return new(key, type, life, buffer.WrittenMemory);
    }

    // Pairs are nested in newer versions of the protocol.
    static IEnumerable<byte[]> Flat(RedisResult value) => value.Length < 0 ? [(byte[])value!] : Enumerable.Range(0, value.Length).SelectMany(i => Flat(value[i]));

    static void WriteValue(Utf8JsonWriter json, string type, byte[][] elements)
    {
        json.WritePropertyName("value");
        if (type == "hash")
        {
            json.WriteStartObject();
            WriteFields(json, elements);
            json.WriteEndObject();
            return;
        }

        json.WriteStartArray();
        if (type == "zset")
        {
            for (var i = 0; i + 1 < elements.Length; i += 2)
            {
                json.WriteStartObject();
                Write(json, "member", elements[i]);
                WriteScore(json, elements[i + 1]);
                json.WriteEndObject();
            }
        }
        else
        {
            if (type == "set")
                Array.Sort(elements, (a, b) => a.AsSpan().SequenceCompareTo(b)); // it has no order: the same set gives the same bytes
            foreach (var element in elements)
                WriteElement(json, element);
        }

        json.WriteEndArray();
    }

    /// <summary>Fields and their values, as members; a value that is no text has <c>_base64</c> behind its name.</summary>
    public static void WriteFields(Utf8JsonWriter json, IReadOnlyList<byte[]> elements)
    {
        for (var i = 0; i + 1 < elements.Count; i += 2)
            Write(json, TextOf(elements[i]), elements[i + 1]);
    }

    static void Write(Utf8JsonWriter json, string name, byte[] value)
    {
        if (Utf8.IsValid(value))
            json.WriteString(name, value);
        else
            json.WriteBase64String(name + "_base64", value);
    }

    static void WriteElement(Utf8JsonWriter json, byte[] value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteStringValue(value);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String("base64", value);
        json.WriteEndObject();
    }

    // Redis prints scores as it keeps them; its infinities are no numbers of JSON.
    static void WriteScore(Utf8JsonWriter json, byte[] score)
    {
        json.WritePropertyName("score");
        if (score.AsSpan().IndexOfAny("in"u8) >= 0)
            json.WriteStringValue(score);
        else
            json.WriteRawValue(score);
    }

    /// <summary>A name as text; bytes that are no UTF-8 as <c>\xNN</c>.</summary>
    public static string TextOf(byte[] name)
    {
        if (Utf8.IsValid(name))
            return Encoding.UTF8.GetString(name);
        var text = new StringBuilder(name.Length);
        for (ReadOnlySpan<byte> rest = name; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done)
                text.Append(rune.ToString());
            else
                text.Append(string.Concat(rest[..length].ToArray().Select(b => $"\\x{b:x2}")));
            rest = rest[length..];
        }

        return text.ToString();
    }
}
