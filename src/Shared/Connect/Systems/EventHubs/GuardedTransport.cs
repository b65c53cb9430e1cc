using System.Net.Security;
using System.Net.Sockets;
using Amqp;

namespace DataIngestion.Connect;

/// <summary>Gives the AMQP library sockets to hosts that may be connected to, with TLS where the scheme says so.</summary>
internal sealed class GuardedTransport : TransportProvider
{
    const int DefaultPort = 5671;

    readonly SourceSite _site;

    public GuardedTransport(SourceSite site)
    {
        _site = site;
        AddressSchemes = ["amqp", EventHubsSystem.Secure];
    }

    public override async Task<IAsyncTransport> CreateAsync(Address address)
    {
        using var limit = new CancellationTokenSource(_site.Connection.Limits.AttemptTimeout, _site.Time);
        var socket = await _site.ConnectAsync(_site.Address.IdnHost, _site.Address.Port > 0 ? _site.Address.Port : DefaultPort, limit.Token);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_site.Address.Scheme != EventHubsSystem.Secure)
            return new StreamTransport(stream);
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(_site.Tls().Options(_site.Address.IdnHost), limit.Token);
            return new StreamTransport(tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }


    sealed class StreamTransport(Stream stream) : IAsyncTransport
    {
        public void SetConnection(Connection connection)
        {
            // it reads and writes by itself
        }

        public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count) => await stream.ReadAsync(buffer.AsMemory(offset, count));

        public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
        {
            foreach (var buffer in bufferList)
                await stream.WriteAsync(buffer.Buffer.AsMemory(buffer.Offset, buffer.Length));
            await stream.FlushAsync();
        }

        public void Send(ByteBuffer buffer) => stream.Write(buffer.Buffer, buffer.Offset, buffer.Length);

        public int Receive(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

        public void Close() => stream.Dispose();
    }
}
