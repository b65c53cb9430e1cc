using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Parquet, Avro, ORC and Arrow: marks at both ends and the metadata between them.</summary>
internal static class ColumnarProbe
{
    static ReadOnlySpan<byte> Continuation => [0xFF, 0xFF, 0xFF, 0xFF];

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        if (head.StartsWith("PAR1"u8) || head.StartsWith("PARE"u8))
            return Parquet(sample, head);
        if (head.StartsWith("Obj\x01"u8))
            return Avro(head);
        if (head.StartsWith("ARROW1"u8))
            return ArrowFile(sample, head);
        if (head.StartsWith("FEA1"u8))
            return new("feather", sample.Tail(4).SequenceEqual("FEA1"u8) ? 1 : Verdict.MarkOnly, "starts with the mark of Feather", "1");
        return Orc(sample, head) ?? ArrowStream(head);
    }

    static Verdict? Parquet(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var tail = sample.Tail(8);
        var isEncrypted = head.StartsWith("PARE"u8);
        if (tail.Length < 8)
            return new("parquet", 0.9, "starts with the mark of parquet", isEncrypted ? "encrypted footer" : null);
        var footer = U32(tail, 0);
        return tail[4..].SequenceEqual(head[..4]) && footer > 0 && footer <= sample.Length - 12
            ? new("parquet", 1, "starts and ends with the mark of parquet, and the footer lies inside", isEncrypted ? "encrypted footer" : null)
            : LooksLikeText(head) ? null : new("parquet", 0.9, "starts with the mark of parquet, but does not end with a footer: it is damaged or cut off");
    }

    /// <summary>The header is a map of strings to bytes, which has the schema (Avro 1.12, "Object Container Files").</summary>
    static Verdict Avro(ReadOnlySpan<byte> head)
    {
        var rest = head[4..];
        var hasSchema = head[..Math.Min(head.Length, 64 << 10)].IndexOf("avro.schema"u8) > 4;
        var codec = rest.IndexOf("avro.codec"u8) is >= 0 and var at && U8(rest, at + 10) is > 0 and var size && size % 2 == 0 && at + 11 + size / 2 <= rest.Length
            ? Text(rest.Slice(at + 11, size / 2)) : "null";
        return hasSchema
            ? new("avro", 1, $"starts with the mark of an Avro container and a header with a schema (codec {codec})", "1")
            : new("avro", Verdict.MarkOnly, "starts with the mark of an Avro container", "1");
    }

    /// <summary>The postscript's length is the last byte; it ends with the mark and has the version of the writer (ORC specification v1, "Postscript").</summary>
    static Verdict? Orc(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var starts = head.StartsWith("ORC"u8);
        // A file without the mark at its start is only looked at where its name or its size and first bytes give a reason: the tail costs a seek.
        if (!starts && sample.Extension is not ".orc" && !sample.IsWhole)
            return null;
        var tail = sample.Tail(256);
        if (tail.Length > 4 && tail[^1] is > 3 and var size && size < tail.Length && tail.Slice(tail.Length - 4, 3).SequenceEqual("ORC"u8))
        {
            var version = OrcVersion(tail.Slice(tail.Length - 1 - size, size));
            if (version is not null)
                return new("orc", starts ? 1 : 0.95, starts ? "starts with the mark of ORC and ends with its postscript" : "ends with the postscript of ORC", version);
        }

        if (!starts)
            return null;
        return LooksLikeText(head) ? null : new("orc", tail.IsEmpty ? Verdict.MarkOnly : 0.8, "starts with the mark of ORC" + (tail.IsEmpty ? "" : ", but does not end with a postscript: it is damaged or cut off"));
    }

    static bool LooksLikeText(ReadOnlySpan<byte> head) => !head[..Math.Min(64, head.Length)].ContainsAnyInRange((byte)0, (byte)8);

    /// <summary>Field 4 is the version, packed; null where the postscript is none.</summary>
    static string? OrcVersion(ReadOnlySpan<byte> postscript)
    {
        var version = "0.11";
        for (var at = 0; at < postscript.Length;)
        {
            if (Protocol.Varint(postscript, ref at) is not { } key)
                return null;
            var field = key >> 3;
            if ((key & 7) == 0)
            {
                if (Protocol.Varint(postscript, ref at) is null)
                    return null;
            }
            else if ((key & 7) == 2)
            {
                if (Protocol.Varint(postscript, ref at) is not { } length || length > (ulong)(postscript.Length - at))
                    return null;
                var value = postscript.Slice(at, (int)length);
                if (field == 4 && value.Length == 2)
                    version = $"{value[0]}.{value[1]}";
                at += (int)length;
            }
            else
            {
                return null;
            }
        }

        return version;
    }

    static Verdict ArrowFile(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var version = ArrowVersion(head[Math.Min(8, head.Length)..]) ?? "";
        var tail = sample.Tail(10);
        return tail.Length == 10 && tail[4..].SequenceEqual("ARROW1"u8) && U32(tail, 0) is > 0 and var footer && footer <= sample.Length - 18
            ? new("arrow", 1, "starts and ends with the mark of an Arrow file, and the footer lies inside", $"file {version}".TrimEnd())
            : new("arrow", 0.9, "starts with the mark of an Arrow file" + (tail.IsEmpty ? "" : ", but does not end with a footer: it is damaged or cut off"), $"file {version}".TrimEnd());
    }

    static Verdict? ArrowStream(ReadOnlySpan<byte> head)
    {
        // Before 0.15 the length of the first message stood alone; it is a small number then.
        if (!head.StartsWith(Continuation) && !(U32(head, 0) is >= 16 and < 1 << 20))
            return null;
        var isBare = !head.StartsWith(Continuation);
        return ArrowVersion(head) is { } version
            ? new("arrow", isBare ? 0.9 : 0.95, "starts with a message that holds an Arrow schema", $"stream {version}")
            : null;
    }

    /// <summary>The version of the first message, a FlatBuffers table of version, header type, header and body length whose header is a schema (Arrow's Message.fbs).</summary>
    static string? ArrowVersion(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith(Continuation))
            message = message[4..];
        var size = U32(message, 0);
        if (size < 16 || message.Length < 24)
            return null;
        message = message[4..];
        if (size < message.Length)
            message = message[..(int)size];
        var root = U32(message, 0);
        if (root < 4 || root > message.Length - 4 || root > 4096)
            return null;
        var table = (int)root;
        var entries = (int)(table - unchecked((int)U32(message, table)));
        if (entries < 0 || U16(message, entries) is not (>= 6 and <= 64) || U16(message, entries) % 2 != 0)
            return null;
        var slots = U16(message, entries);
        int At(ReadOnlySpan<byte> bytes, int slot) => 4 + 2 * slot < slots && U16(bytes, entries + 4 + 2 * slot) is > 0 and var offset ? table + offset : -1;
        var version = At(message, 0) is >= 0 and var v ? U16(message, v) : 0;
        var type = At(message, 1) is >= 0 and var t ? U8(message, t) : 0;
        return version is >= 0 and <= 4 && type == 1 && At(message, 2) >= 0 ? $"V{version + 1}" : null;
    }
}
