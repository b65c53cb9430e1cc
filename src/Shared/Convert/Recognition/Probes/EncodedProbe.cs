using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>
/// Encodings of values that have no mark: BSON, MessagePack, CBOR, pickles, DER, Protocol Buffers. They are recognised only where the whole structure can be
/// walked, in the order of how unlikely that is by chance; text is never taken for them.
/// </summary>
internal static class EncodedProbe
{
    const int MostBytes = 64 << 10;

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        if (head.Length < 4)
            return null;
        return Der(sample, head) ?? Bson(sample, head) ?? Pickle(sample, head) ?? MessagePack(sample, head) ?? Cbor(sample, head);
    }

    /// <summary>Asked last of all: nearly any bytes may be a message.</summary>
    public static Verdict? FindWeak(ContentSample sample)
    {
        var head = sample.Head;
        if (head.Length < 8)
            return null;
        return Delimited(sample, head) ?? Message(sample, head);
    }

    static Verdict? Bson(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var documents = 0;
        var (fields, at) = (0, 0);
        while (at + 5 <= head.Length && documents < 100)
        {
            var size = U32(head, at);
            if (size is < 5 or > 1 << 26)
                return null;
            var isCut = at + size > head.Length;
            if (isCut && sample.IsWhole)
                return null;
            if (!isCut && head[at + (int)size - 1] != 0)
                return null;
            if (!BsonWalk.Document(head.Slice(at, (int)Math.Min(size, head.Length - at)), isCut, 0, ref fields))
                return null;
            documents++;
            if (isCut)
                break;
            at += (int)size;
        }

        if (documents == 0 || fields == 0 || (sample.IsWhole && at != head.Length && documents < 100))
            return null;
        return new("bson", fields >= 3 ? 0.95 : 0.85, $"is {documents} BSON documents with {fields} fields one after the other, walked");
    }

    static Verdict? Pickle(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head[0] != 0x80 || head[1] is < 2 or > 5)
            return null;
        var framed = head[1] >= 4 && head[2] == 0x95 && I64(head, 3) is > 0 and var size && (sample.Length < 0 || size <= sample.Length - 11);
        var ends = sample.Tail(1) is [(byte)'.'];
        return framed || (ends && head[1] < 4 && head[2] is (byte)'}' or (byte)']' or (byte)'(' or (byte)'c' or (byte)'X' or (byte)'K' or (byte)'J')
            ? new("pickle", framed && ends ? 1 : 0.85, "starts like a Python pickle" + (ends ? " and ends like one" : ""), $"{head[1]}") : null;
    }

    /// <summary>A sequence that is as long as the content, and holds a sequence or an integer.</summary>
    static Verdict? Der(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head[0] != 0x30 || head[1] is not (0x82 or 0x81) || sample.Length < 0)
            return null;
        var (size, start) = head[1] == 0x82 ? (U16Big(head, 2), 4) : (head[2], 3);
        return size + start == sample.Length && U8(head, start) is 0x30 or 0x02 or 0x06 ? new("der", 0.95, "is one ASN.1 sequence as long as the content") : null;
    }

    static Verdict? MessagePack(ContentSample sample, ReadOnlySpan<byte> head)
    {
        // Only maps and arrays: a bare number or string is any bytes.
        if (!(head[0] is >= 0x80 and <= 0x9F or 0xDC or 0xDD or 0xDE or 0xDF))
            return null;
        var walk = new MessagePackWalk(head[..Math.Min(head.Length, MostBytes)], sample.IsWhole && head.Length <= MostBytes);
        return walk.Run() && walk.Strength >= 6
            ? new("messagepack", walk.Strength >= 24 ? 0.95 : 0.8, $"is {walk.Values} MessagePack values, walked: {walk.Keys} keys of maps are text")
            : null;
    }

    static Verdict? Cbor(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var isTagged = Is(head, 0, [0xD9, 0xD9, 0xF7]);
        if (!isTagged && !(head[0] is >= 0x81 and <= 0x9B or 0x9F or >= 0xA1 and <= 0xBB or 0xBF or >= 0xC0 and <= 0xDB))
            return null;
        var walk = new CborWalk(head[..Math.Min(head.Length, MostBytes)], sample.IsWhole && head.Length <= MostBytes);
        return walk.Run() && (walk.Strength >= 6 || isTagged)
            ? new("cbor", isTagged ? 1 : walk.Strength >= 24 ? 0.95 : 0.8, isTagged ? "starts with the tag that marks CBOR" : $"is {walk.Values} CBOR values, walked: {walk.Keys} keys of maps are text")
            : null;
    }

    /// <summary>Messages behind their lengths, which make up the whole content.</summary>
    static Verdict? Delimited(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (!sample.IsWhole)
            return null;
        var (at, messages, fields) = (0, 0, 0);
        while (at < head.Length)
        {
            if (Protocol.Varint(head, ref at) is not { } size || size == 0 || size > (ulong)(head.Length - at) || !MessageWalk.Fits(head.Slice(at, (int)size), 0, ref fields))
                return null;
            at += (int)size;
            messages++;
        }

        return messages >= 3 && fields >= messages * 2 ? new("protobuf", 0.6, $"could be {messages} Protocol Buffers messages behind their lengths", "length-delimited") : null;
    }

    static Verdict? Message(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var fields = 0;
        return sample.IsWhole && head.Length is >= 8 and <= MostBytes && MessageWalk.Fits(head, 0, ref fields) && fields >= 3
            ? new("protobuf", 0.5, $"could be a Protocol Buffers message of {fields} fields") : null;
    }
}
