using System.IO.Compression;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class PackedContentTests
{
    const string Csv = "day,price\n2026-01-02,1\n2026-01-03,2\n";

    static SourceDatasetDefinition Dataset(FormatDefinition format) => new()
    {
        Dataset = "d",
        Cursor = new() { Field = "day", Type = CursorType.Date, Parameter = "from" },
        Format = format,
    };

    [Theory]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task Records_are_found_in_what_is_packed(string packing)
    {
        var sink = new RecordingSink();
        var bytes = packing == "gzip" ? Gzip(Csv) : Zip(("a.csv", Csv));

        var content = await new ArtefactReader(Dataset(new() { Format = "csv" }), mustCount: true).ReadAsync(new MemoryStream(bytes), "application/octet-stream", sink, TestContext.Current.CancellationToken);

        Assert.Equal((2L, "2026-01-02,2026-01-03"), (content!.Records, string.Join(',', sink.Cursors)));
    }

    [Fact]
    public async Task A_member_is_named_where_there_are_several()
    {
        var bytes = Zip(("a.csv", "day\n"), ("b.csv", Csv));
        var cancellationToken = TestContext.Current.CancellationToken;

        var named = await new ArtefactReader(Dataset(new() { Format = "csv", Entry = "b.csv" }), true).ReadAsync(new MemoryStream(bytes), null, NoSink.Instance, cancellationToken);
        var several = await Assert.ThrowsAsync<UnexpectedContentException>(() => new ArtefactReader(Dataset(new() { Format = "csv" }), true).ReadAsync(new MemoryStream(bytes), null, NoSink.Instance, cancellationToken));
        var missing = await Assert.ThrowsAsync<UnexpectedContentException>(() => new ArtefactReader(Dataset(new() { Format = "csv", Entry = "c.csv" }), true).ReadAsync(new MemoryStream(bytes), null, NoSink.Instance, cancellationToken));

        Assert.Equal(2, named!.Records);
        Assert.Contains("archive of 2 files", several.Message, StringComparison.Ordinal);
        Assert.Contains("without 'c.csv'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_packed_is_not_opened_where_records_do_not_matter() =>
        Assert.Null(await new ArtefactReader(new() { Dataset = "d", Format = new() { Format = "csv" } }, mustCount: false).ReadAsync(new MemoryStream(Gzip(Csv)), null, NoSink.Instance, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Damage_and_bombs_are_unexpected_content()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var damaged = Gzip(Csv);
        damaged[10] = 0x07; // a block of no known kind
        var bomb = Gzip(new string('0', 4 << 20));

        await Assert.ThrowsAsync<UnexpectedContentException>(() => PackedContent.UnpackAsync(new MemoryStream(damaged), null, new(), cancellationToken));
        var large = await Assert.ThrowsAsync<UnexpectedContentException>(() => PackedContent.UnpackAsync(new MemoryStream(bomb), null, new() { DecompressedBytes = 1 << 20 }, cancellationToken));

        Assert.Contains("more than 1,048,576 bytes", large.Message, StringComparison.Ordinal);
    }

    static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    static byte[] Zip(params (string Name, string Text)[] members)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in members)
            {
                using var member = archive.CreateEntry(name).Open();
                member.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return packed.ToArray();
    }
}
