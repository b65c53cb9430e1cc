using System.Text;
using DataIngestion.Conversion.Tests.Documents;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Protobuf;

public sealed class ProtobufTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    FormatHint Hint(string message, string framing = "delimited")
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "trade.desc"), ProtoFiles.Descriptors);
        return new()
        {
            Format = "protobuf",
            OptionFolder = _folder.Path,
            Options = new Dictionary<string, string> { ["descriptors"] = "trade.desc", ["message"] = message, ["framing"] = framing },
        };
    }

    [Fact]
    public async Task Every_type_is_read()
    {
        var message = ProtoFiles.Message(m => m
            .Fixed64(1, BitConverter.DoubleToUInt64Bits(0.1)).Fixed32(2, BitConverter.SingleToUInt32Bits(0.1f)).Varint(3, ulong.MaxValue).Varint(4, ulong.MaxValue).Varint(5, unchecked((ulong)-5))
            .Fixed64(6, 7).Fixed32(7, 8).Varint(8, 1).Text(9, "é").Bytes(12, [1, 2]).Varint(13, 9).Varint(14, 1).Fixed32(15, unchecked((uint)-10)).Fixed64(16, unchecked((ulong)-11)).Varint(17, 3).Varint(18, 4));

        Assert.Equal(
            """{"double":0.1,"float":0.1,"int64":-1,"uint64":18446744073709551615,"int32":-5,"fixed64":7,"fixed32":8,"bool":true,"string":"é","bytes":"AQI=","uint32":9,"enum":"SELL","sfixed32":-10,"sfixed64":-11,"sint32":-2,"sint64":2}""",
            await DocumentJson.OfAsync("protobuf", ProtoFiles.Delimited(message), Hint("t.All")));
        Assert.Equal(
            """{"double":0.0,"float":0.0,"int64":0,"uint64":0,"int32":0,"fixed64":0,"fixed32":0,"bool":false,"string":"","bytes":"","uint32":0,"enum":"BUY","sfixed32":0,"sfixed64":0,"sint32":0,"sint64":0}""",
            await DocumentJson.OfAsync("protobuf", ProtoFiles.Delimited([]), Hint("t.All")));
    }

    [Fact]
    public async Task Nested_repeated_maps_oneofs_and_well_known_types_are_read()
    {
        var leg = ProtoFiles.Message(m => m.Varint(1, 5));
        var message = ProtoFiles.Message(m => m
            .Text(1, "old").Bytes(2, leg).Bytes(2, ProtoFiles.Message(l => l.Text(2, "X"))).Bytes(3, [1, 2, 3]).Varint(3, 4).Bytes(4, leg).Bytes(4, leg)
            .Bytes(5, ProtoFiles.Message(e => e.Text(1, "k").Varint(2, 6))).Bytes(5, ProtoFiles.Message(e => e.Text(1, "empty"))).Text(6, "first").Varint(7, 1)
            .Bytes(8, ProtoFiles.Message(t => t.Varint(1, 1_700_000_000).Varint(2, 5_000_000))).Bytes(9, ProtoFiles.Message(t => t.Varint(1, unchecked((ulong)-1)).Varint(2, unchecked((ulong)-500_000_000))))
            .Bytes(10, ProtoFiles.Message(t => t.Text(1, "w"))).Varint(11, 77).Text(1, "new").Varint(99, 1));

        Assert.Equal(
            """{"id":"new","leg":{"qty":5,"venue":"X"},"marks":[1,2,3,4],"legs":[{"qty":5,"venue":""},{"qty":5,"venue":""}],"tags":[{"key":"k","value":6},{"key":"empty","value":0}],"note":"","at":"2023-11-14T22:13:20.005Z","took":"-PT1.5S","wrapped":"w","side":"77"}""".Replace("\"note\":\"\",", "\"flag\":true,", StringComparison.Ordinal),
            await DocumentJson.OfAsync("protobuf", message, Hint("t.Trade", "single")));

        var converted = await Conversions.RunAsync(ProtoFiles.Delimited(message), new() { Hint = Hint("Trade") });
        Assert.Contains("1 values of field 99 of t.Trade are left out: the descriptor set does not have it, or has it with another type", converted.Result.Notes);
        Assert.Equal(5L, converted[0, "leg.qty"]);
    }

    [Fact]
    public async Task Messages_with_their_lengths_are_rows()
    {
        byte[] messages = [.. Enumerable.Range(0, 40_000).SelectMany(i => ProtoFiles.Delimited(ProtoFiles.Message(m => m.Varint(1, (ulong)i).Text(2, "venue"))))];

        var converted = await Conversions.RunAsync(messages, new() { Hint = Hint("t.Leg") });

        Assert.Equal(40_000, converted.Rows.Count);
        Assert.Equal([39_999L, "venue"], converted.Rows[^1]);
    }

    [Fact]
    public async Task What_cannot_be_read_is_one_sentence()
    {
        Assert.Contains("option 'descriptors'", await DocumentJson.RefusalAsync("protobuf", [0]), StringComparison.Ordinal);
        Assert.Contains("has no message 'None': it has t.All, t.Leg, t.Trade", await DocumentJson.RefusalAsync("protobuf", [0], Hint("None")), StringComparison.Ordinal);
        Assert.Contains("is cut off", await DocumentJson.RefusalAsync("protobuf", [5, 8, 1], Hint("t.Leg")), StringComparison.Ordinal);
        Assert.Contains("beyond the end of its message", await DocumentJson.RefusalAsync("protobuf", [2, 0x12, 9], Hint("t.Leg")), StringComparison.Ordinal);
        Assert.Contains("field number 0", await DocumentJson.RefusalAsync("protobuf", [2, 0, 0], Hint("t.Leg")), StringComparison.Ordinal);
        Assert.Contains("recordBytes", await DocumentJson.RefusalAsync("protobuf", [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], Hint("t.Leg")), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Writes messages, descriptors among them.</summary>
internal sealed class ProtoFiles
{
    readonly List<byte> _to = [];

    public static byte[] Message(Action<ProtoFiles> write)
    {
        var message = new ProtoFiles();
        write(message);
        return [.. message._to];
    }

    public static byte[] Delimited(byte[] message)
    {
        List<byte> to = [];
        Varint((ulong)message.Length, to);
        return [.. to, .. message];
    }

    static void Varint(ulong value, List<byte> to)
    {
        for (; value >= 0x80; value >>= 7)
            to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }

    ProtoFiles Tag(int field, int wire)
    {
        Varint((ulong)((field << 3) | wire), _to);
        return this;
    }

    public ProtoFiles Varint(int field, ulong value)
    {
        Tag(field, 0);
        Varint(value, _to);
        return this;
    }

    public ProtoFiles Fixed64(int field, ulong value)
    {
        Tag(field, 1)._to.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoFiles Fixed32(int field, uint value)
    {
        Tag(field, 5)._to.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoFiles Bytes(int field, byte[] value)
    {
        Varint((ulong)value.Length, Tag(field, 2)._to);
        _to.AddRange(value);
        return this;
    }

    public ProtoFiles Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    static byte[] Field(string name, int number, int type, string? typeName = null, bool repeated = false, int? oneOf = null) => Message(f =>
    {
        f.Text(1, name).Varint(3, (ulong)number).Varint(4, repeated ? 3u : 1u).Varint(5, (ulong)type);
        if (typeName is not null)
            f.Text(6, typeName);
        if (oneOf is { } place)
            f.Varint(9, (ulong)place);
    });

    /// <summary>package t; proto3; enum Side, messages All, Leg and Trade.</summary>
    public static byte[] Descriptors { get; } = Message(set => set.Bytes(1, Message(file =>
    {
        string[] types = ["double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "", "", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"];
        file.Text(1, "t.proto").Text(2, "t").Text(12, "proto3");
        file.Bytes(5, Message(e => e.Text(1, "Side").Bytes(2, Message(v => v.Text(1, "BUY").Varint(2, 0))).Bytes(2, Message(v => v.Text(1, "SELL").Varint(2, 1)))));
        file.Bytes(4, Message(m =>
        {
            m.Text(1, "All");
            for (var i = 0; i < types.Length; i++)
            {
                if (types[i].Length > 0)
                    m.Bytes(2, Field(types[i], i + 1, i + 1, types[i] == "enum" ? ".t.Side" : null));
            }
        }));
        file.Bytes(4, Message(m => m.Text(1, "Leg").Bytes(2, Field("qty", 1, 3)).Bytes(2, Field("venue", 2, 9))));
        file.Bytes(4, Message(m => m.Text(1, "Trade")
            .Bytes(2, Field("id", 1, 9)).Bytes(2, Field("leg", 2, 11, ".t.Leg")).Bytes(2, Field("marks", 3, 5, repeated: true)).Bytes(2, Field("legs", 4, 11, ".t.Leg", repeated: true))
            .Bytes(2, Field("tags", 5, 11, ".t.Trade.TagsEntry", repeated: true)).Bytes(2, Field("note", 6, 9, oneOf: 0)).Bytes(2, Field("flag", 7, 8, oneOf: 0))
            .Bytes(2, Field("at", 8, 11, ".google.protobuf.Timestamp")).Bytes(2, Field("took", 9, 11, ".google.protobuf.Duration")).Bytes(2, Field("wrapped", 10, 11, ".google.protobuf.StringValue"))
            .Bytes(2, Field("side", 11, 14, ".t.Side"))
            .Bytes(3, Message(e => e.Text(1, "TagsEntry").Bytes(2, Field("key", 1, 9)).Bytes(2, Field("value", 2, 3)).Bytes(7, Message(o => o.Varint(7, 1)))))
            .Bytes(8, Message(o => o.Text(1, "extra")))));
    })));
}
