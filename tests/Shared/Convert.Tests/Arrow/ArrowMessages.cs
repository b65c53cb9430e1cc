using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Arrow.Writing;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>A column of a stream that is put together by hand.</summary>
internal sealed record HandField(string Name, ArrowKind Kind, Func<FlatBuilder, FlatBuilder>? Type = null, HandField[]? Children = null, (long Id, int Bits)? Dictionary = null, string? Extension = null);

/// <summary>A batch by hand: its columns' rows and nulls, and its buffers.</summary>
internal sealed record HandBatch(long Rows, (long Rows, long Nulls)[] Nodes, byte[][] Buffers, long? Dictionary = null, bool IsDelta = false, long[]? Variadic = null);

/// <summary>Streams that our writer does not write: types, dictionaries and framings of others.</summary>
internal static class ArrowMessages
{
    public static byte[] Stream(HandField[] fields, HandBatch[] batches, bool isOld = false, bool hasEnd = true, bool isBigEndian = false)
    {
        using var output = new MemoryStream();
        var flat = new FlatBuilder();
        var vector = flat.Vector([.. fields.Select(f => Field(flat, f))]);
        Message(output, flat, MessageKind.Schema, flat.Table().Refer(1, vector).Int16(0, (short)(isBigEndian ? 1 : 0)).End(), [], isOld);
        foreach (var batch in batches)
            Add(output, batch, isOld);
        if (hasEnd)
            output.Write(isOld ? [0, 0, 0, 0] : [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        return output.ToArray();
    }

    /// <summary>One column with one batch.</summary>
    public static byte[] Column(HandField field, int rows, (long Rows, long Nulls)[] nodes, params byte[][] buffers) => Stream([field], [new(rows, nodes, buffers)]);

    static void Add(MemoryStream output, HandBatch batch, bool isOld)
    {
        var flat = new FlatBuilder();
        var body = new MemoryStream();
        var places = new List<long>();
        foreach (var buffer in batch.Buffers)
        {
            places.AddRange([body.Length, buffer.Length]);
            body.Write(buffer);
            body.Write(new byte[-buffer.Length & 7]);
        }

        var nodes = batch.Nodes.SelectMany(n => new[] { n.Rows, n.Nulls }).ToArray();
        var nodesAt = flat.Vector(MemoryMarshal.AsBytes<long>(nodes), nodes.Length / 2);
        var buffersAt = flat.Vector(MemoryMarshal.AsBytes<long>(places.ToArray()), places.Count / 2);
        var variadic = batch.Variadic is { } counts ? flat.Vector(MemoryMarshal.AsBytes<long>(counts), counts.Length) : 0;
        var table = flat.Table().Int64(0, batch.Rows).Refer(1, nodesAt).Refer(2, buffersAt);
        var header = (variadic == 0 ? table : table.Refer(4, variadic)).End();
        if (batch.Dictionary is { } id)
            header = flat.Table().Int64(0, id).Refer(1, header).Flag(2, batch.IsDelta).End();
        Message(output, flat, batch.Dictionary is null ? MessageKind.RecordBatch : MessageKind.DictionaryBatch, header, body.ToArray(), isOld);
    }

    static void Message(MemoryStream output, FlatBuilder flat, MessageKind kind, int header, byte[] body, bool isOld)
    {
        var metadata = flat.Finish(flat.Table().Int64(3, body.Length).Refer(2, header).Int16(0, (short)(isOld ? 3 : 4)).Byte(1, (byte)kind).End());
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, -1);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], metadata.Length);
        output.Write(isOld ? head[4..] : head);
        output.Write(metadata);
        output.Write(body);
    }

    static int Field(FlatBuilder flat, HandField field)
    {
        var children = flat.Vector([.. (field.Children ?? []).Select(c => Field(flat, c))]);
        var name = flat.Text(field.Name);
        var metadata = field.Extension is { } extension ? flat.Vector([Pair(flat, "ARROW:extension:name", extension)]) : 0;
        var type = (field.Type?.Invoke(flat.Table()) ?? flat.Table()).End();
        var dictionary = 0;
        if (field.Dictionary is var (id, bits))
        {
            var index = flat.Table().Int32(0, bits).Flag(1, true).End();
            dictionary = flat.Table().Int64(0, id).Refer(1, index).End();
        }

        var table = flat.Table().Refer(0, name).Refer(3, type).Refer(5, children).Flag(1, true).Byte(2, (byte)field.Kind);
        table = dictionary == 0 ? table : table.Refer(4, dictionary);
        return (metadata == 0 ? table : table.Refer(6, metadata)).End();
    }

    static int Pair(FlatBuilder flat, string key, string value)
    {
        var (keyAt, valueAt) = (flat.Text(key), flat.Text(value));
        return flat.Table().Refer(0, keyAt).Refer(1, valueAt).End();
    }

    public static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    public static HandField Text(string name, (long, int)? dictionary = null) => new(name, ArrowKind.Utf8, Dictionary: dictionary);

    public static HandField Integer(string name, int bits) => new(name, ArrowKind.Int, t => t.Int32(0, bits).Flag(1, true));

    /// <summary>A batch of a dictionary of texts.</summary>
    public static HandBatch TextDictionary(long dictionary, bool isDelta, params string[] texts)
    {
        var ends = new int[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++)
            ends[i + 1] = ends[i] + Encoding.UTF8.GetByteCount(texts[i]);
        return new(texts.Length, [(texts.Length, 0)], [[], Bytes(ends), Encoding.UTF8.GetBytes(string.Concat(texts))], dictionary, isDelta);
    }

    /// <summary>A batch of places in a dictionary.</summary>
    public static HandBatch PlaceBatch(params byte[] places) => new(places.Length, [(places.Length, 0)], [[], places]);

    public static HandField RunField { get; } = new("r", ArrowKind.RunEndEncoded, Children: [Integer("run_ends", 32), Text("values")]);

    public static IReadOnlyList<byte[]> Seeds() =>
    [
        Stream([Text("d", (1, 8))], [TextDictionary(1, false, "a", "b"), PlaceBatch(0, 1, 1), TextDictionary(1, true, "c"), PlaceBatch(2, 0), TextDictionary(1, false, "x"), PlaceBatch(0)]),
        Stream([RunField], [new(5, [(5, 0), (2, 0), (2, 0)], [[], Bytes(3, 5), [], Bytes(0, 1, 3), "abb"u8.ToArray()])], isOld: true),
        Column(new("v", ArrowKind.ListView, Children: [Integer("item", 16)]), 3, [(3, 1), (4, 0)], [0b101], Bytes(2, 0, 0), Bytes(2, 0, 4), [], Bytes<short>(1, 2, 3, 4)),
        Stream([new("s", ArrowKind.Utf8View)], [new(2, [(2, 0)], [[], [2, 0, 0, 0, .. "hi"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, .. "long"u8, 0, 0, 0, 0, 0, 0, 0, 0], "long long lon"u8.ToArray()], Variadic: [1])]),
    ];
}
