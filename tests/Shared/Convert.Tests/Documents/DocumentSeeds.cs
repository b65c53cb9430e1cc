using System.Text;
using DataIngestion.Conversion.Tests.Protobuf;

namespace DataIngestion.Conversion.Tests.Documents;

/// <summary>Small documents with something of everything, for fuzzing.</summary>
internal static class DocumentSeeds
{
    const int Records = 20;

    static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("descriptors-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.WriteAllBytes(Path.Combine(folder, "trade.desc"), ProtoFiles.Descriptors);
        return folder;
    });

    public static IReadOnlyList<byte[]> Bson =>
    [
        Repeat("18000000136400D204000000000000000000000000343000"), Repeat("140000000461000C0000001030000A0000000000"), Repeat("1D000000057800100000000473FFD26444B34C6990E8E7D1DFC035D400"),
        Repeat("1400000007610056E1FC72E0C917E9C471416100" + "10000000096100C5D8D6CC3B01000000" + "160000000F61000E0000000100000000050000000000" + "0E00000002610002000000620000"),
    ];

    public static IReadOnlyList<byte[]> Cbor =>
    [
        Repeat("a26161016162820203"), Hex("94" + string.Concat(Enumerable.Repeat("a3616101616283c48221196ab3c249010000000000000000f93c00616363c3bc20", 20))),
        Repeat("bf61610161629f0203ffff"), Repeat("a2616dc11a514b67b0616e5f42010243030405ff"), Repeat("a16178d8255000112233445566778899aabbccddeeff"),
    ];

    public static IReadOnlyList<byte[]> MessagePack =>
    [
        Repeat("83a16101a16293c0c3a3616263a163cb3fb999999999999a"), Hex("dc0014" + string.Concat(Enumerable.Repeat("82a16401a165c40201ff", 20))), Repeat("82a174d7ff0000000400000001a17881a16bd9026162"),
    ];

    public static IReadOnlyList<byte[]> Protobuf =>
    [
        [.. Enumerable.Range(0, Records).SelectMany(i => ProtoFiles.Delimited(ProtoFiles.Message(m => m
            .Text(1, "id").Bytes(2, ProtoFiles.Message(l => l.Varint(1, (ulong)i).Text(2, "X"))).Bytes(3, [1, 2, 3]).Varint(3, 4).Bytes(4, ProtoFiles.Message(l => l.Varint(1, 5)))
            .Bytes(5, ProtoFiles.Message(e => e.Text(1, "k").Varint(2, 6))).Text(6, "note").Bytes(8, ProtoFiles.Message(t => t.Varint(1, 1_700_000_000))))))],
    ];

    public static IReadOnlyList<byte[]> Yaml =>
    [
        Utf8(string.Concat(Enumerable.Range(0, Records).Select(i => $"- sym: AAA{i}\n  px: {i}.2500\n  tags: [a, 'b', \"c\\n\"]\n  at: 2024-01-02\n"))),
        Utf8(string.Concat(Enumerable.Range(0, Records).Select(i => $"---\na: &x {{b: 0x{i}, c: .inf}}\nd: *x\n<<: *x\n? [1, 2]\n: |\n  text\n  more\n# remark\n"))),
    ];

    public static FormatHint WithDescriptors(FormatHint hint) => hint with
    {
        OptionFolder = Folder.Value,
        Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["descriptors"] = "trade.desc", ["message"] = "t.Trade" },
    };

    static byte[] Repeat(string hex) => Hex(string.Concat(Enumerable.Repeat(hex, Records)));

    static byte[] Hex(string hex) => System.Convert.FromHexString(hex);

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
