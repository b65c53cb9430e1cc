using System.Text;
using DataIngestion.Cli.Shipping.Starting;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class WireMessageTests
{
    [Fact]
    public void Fields_are_encoded_as_protocol_buffers_are() =>
        Assert.Equal([0x12, 0x07, .. Encoding.UTF8.GetBytes("testing")], WireMessage.Text(2, "testing"));

    [Fact]
    public void Numbers_of_fields_and_lengths_above_one_byte_come_back()
    {
        var text = new string('x', 300);
        var message = WireMessage.Field(20, WireMessage.Text(1, "a"), WireMessage.Text(100, text));
        var (field, content) = Assert.Single(WireMessage.FieldsOf(message));
        Assert.Equal(20, field);
        Assert.Equal(("a", text, null), (WireMessage.TextOf(content, 1), WireMessage.TextOf(content, 100), WireMessage.TextOf(content, 2)));
    }

    [Fact]
    public void Fields_of_other_kinds_are_passed_over()
    {
        byte[] message = [0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1D, 1, 2, 3, 4, .. WireMessage.Text(4, "here")];
        Assert.Equal("here", WireMessage.TextOf(message, 4));
        Assert.Single(WireMessage.FieldsOf(message));
    }

    [Fact]
    public async Task Frames_come_back_one_by_one_until_the_end()
    {
        var stream = new MemoryStream([.. WireMessage.Frame([1, 2]), .. WireMessage.Frame([])]);
        var frames = new List<string?>();
        for (var i = 0; i < 3; i++)
            frames.Add(await WireMessage.ReadFrameAsync(stream, TestContext.Current.CancellationToken) is { } frame ? Convert.ToHexString(frame) : null);
        Assert.Equal(["0102", "", null], frames);
    }
}
