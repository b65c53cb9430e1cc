using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Azure.Core;
using DataIngestion.Contracts;
using DataIngestion.Storage.Access;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

public sealed class EventHubsAccessTests
{
    [Theory]
    [InlineData(true, true, 202)]
    [InlineData(false, true, 202, "Azure Event Hubs Data Sender")]
    [InlineData(true, false, 202, "Azure Event Hubs Data Receiver")]
    [InlineData(false, false, 202, "Azure Event Hubs Data Sender", "Azure Event Hubs Data Receiver")]
    public async Task The_role_that_is_missing_for_each_direction_is_named(bool maySend, bool mayReceive, int status, params string[] missing)
    {
        using var hubs = new Hubs(maySend, mayReceive, status);

        var faults = await hubs.Access.CheckAsync(EventStreams.Lifecycle, "audit", TestContext.Current.CancellationToken);

        Assert.Equal(missing.Length, faults.Count);
        foreach (var (role, fault) in missing.Zip(faults))
        {
            Assert.Equal(AccessFaultKind.Role, fault.Kind);
            Assert.Contains($"az role assignment create --assignee 1111 --role \"{role}\"", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, hubs.Received);
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_told_as_such()
    {
        using var hubs = new Hubs(maySend: true, mayReceive: true, status: 401);

        var faults = await hubs.Access.CheckAsync(EventStreams.Lifecycle, "audit", TestContext.Current.CancellationToken);

        Assert.Equal(2, faults.Count);
        Assert.All(faults, fault => Assert.Equal(AccessFaultKind.Identity, fault.Kind));
        Assert.All(faults, fault => Assert.DoesNotContain("hub-token", fault.Message, StringComparison.Ordinal));
    }

    sealed class Hubs : ILinkProcessor, IRequestProcessor, IDisposable
    {
        readonly ContainerHost _host;
        readonly bool _maySend;
        readonly bool _mayReceive;
        readonly int _status;

        public Hubs(bool maySend, bool mayReceive, int status)
        {
            (_maySend, _mayReceive, _status) = (maySend, mayReceive, status);
            var port = TestServer.FreePort();
            _host = new([new Address("127.0.0.1", port, user: null, password: null, path: "/", scheme: "amqp")]);
            _host.Listeners[0].SASL.EnableAnonymousMechanism = true;
            _host.RegisterRequestProcessor("$cbs", this);
            _host.RegisterLinkProcessor(this);
            _host.Open();
            Access = new(new($"amqp://127.0.0.1:{port}"), new Identity(), "1111");
        }

        public EventHubsAccess Access { get; }

        public int Received { get; private set; }

        public int Credit => 10;

        public void Process(AttachContext attachContext)
        {
            var isSender = !attachContext.Attach.Role; // the peer's role: false sends
            if (isSender ? !_maySend : !_mayReceive)
                attachContext.Complete(new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = "Unauthorized access. claim(s) are required" });
            else if (isSender)
                attachContext.Complete(new TargetLinkEndpoint(new Sink(this), attachContext.Link), 10);
            else
                attachContext.Complete(new SourceLinkEndpoint(new Nothing(), attachContext.Link), 0);
        }

        public void Process(RequestContext requestContext) =>
            requestContext.Complete(new Message { ApplicationProperties = new() { ["status-code"] = _status, ["status-description"] = "as told" } });

        public void Dispose() => _host.Close();

        sealed class Sink(Hubs hubs) : IMessageProcessor
        {
            public int Credit => 10;

            public void Process(MessageContext messageContext)
            {
                hubs.Received++;
                messageContext.Complete();
            }
        }

        sealed class Nothing : IMessageSource
        {
            public async Task<ReceiveContext> GetMessageAsync(ListenerLink link)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
                return null!;
            }

            public void DisposeMessage(ReceiveContext receiveContext, DispositionContext dispositionContext)
            {
            }
        }

        sealed class Identity : TokenCredential
        {
            public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("hub-token", DateTimeOffset.UtcNow.AddHours(1));

            public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
        }
    }
}
