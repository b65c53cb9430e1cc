using System.Net.Sockets;
using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class TestServerTests(SharedServers servers)
{
    [Theory, InlineData("redis", "PING\r\n", "+PONG"), InlineData("postgresql", "\0\0\0\u0008\u0004\u00d2\u0016\u002f", "N")]
    public async Task A_server_answers(string name, string question, string answer)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var server = await servers.GetAsync(name);
        using var client = new TcpClient("127.0.0.1", server.Port);
        await using var stream = client.GetStream();

        await stream.WriteAsync(Encoding.Latin1.GetBytes(question), cancellationToken);
        var said = new byte[answer.Length];
        await stream.ReadExactlyAsync(said, cancellationToken);

        Assert.Equal(answer, Encoding.Latin1.GetString(said));
    }
}
