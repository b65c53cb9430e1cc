using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using Azure.Core;
using DataIngestion.Storage;
using DataIngestion.Storage.Access;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Asks whether the platform's own event hubs (the connection <c>EventHubs</c> of the Functions host) let this process send and receive: it opens a link for each and sends nothing.</summary>
public sealed class EventHubsAccess
{
    const string Connection = "EventHubs";

    readonly IConfigurationSection? _section;
    readonly TokenCredential? _identity;

    /// <summary>From the settings.</summary>
    public EventHubsAccess(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _section = settings.GetSection(Connection);
        if (_section["fullyQualifiedNamespace"] is { Length: > 0 } host)
            Address = new($"amqps://{host}:5671");
    }

    internal EventHubsAccess(Uri address, TokenCredential identity, string? clientId) => (Address, _identity, ClientId) = (address, identity, clientId);

    /// <summary>Where the namespace answers; null when a connection string, or nothing, is configured.</summary>
    public Uri? Address { get; }

    string? ClientId => field ?? _section?["clientId"];

    /// <summary>A hub as a resource.</summary>
    public AzureResource Resource(string hub, string role = "Azure Event Hubs Data Sender") => AzureResource.EventHub(Address!, hub, role) with { ClientId = ClientId };

    /// <summary>Tries both directions.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="consumerGroup">Whose reading is tried, at partition 0.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Everything that is refused; empty when both are allowed.</returns>
    public async Task<IReadOnlyList<AccessFault>> CheckAsync(string hub, string consumerGroup, CancellationToken cancellationToken)
    {
        var identity = _identity ?? AzureIdentities.Of(_section!);
        var token = await identity.GetTokenAsync(new(["https://eventhubs.azure.net/.default"]), cancellationToken);
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.AMQP.HostName = Address!.IdnHost;
        var connection = await factory.CreateAsync(new Address(Address.IdnHost, Address.Port, user: null, password: null, path: "/", scheme: Address.Scheme)).WaitAsync(cancellationToken);
        try
        {
            var session = new Session(connection);
            var faults = new List<AccessFault>();
            foreach (var (role, path) in ((string, string)[])
                [("Azure Event Hubs Data Sender", hub), ("Azure Event Hubs Data Receiver", $"{hub}/ConsumerGroups/{consumerGroup}/Partitions/0")])
            {
                var refusal = await AuthorizeAsync(session, $"{Address.Scheme}://{Address.IdnHost}/{path}", token, cancellationToken)
                    ?? await AttachAsync(session, path, isSender: path == hub, cancellationToken);
                if (refusal is { } why)
                    faults.Add(AccessFault.Refused(Resource(hub, role), why.Status, why.Code, why.Text));
            }

            return faults;
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    static async Task CloseAsync(Connection connection)
    {
        try
        {
            await connection.CloseAsync(TimeSpan.FromSeconds(2), error: null);
        }
        catch (Exception fault) when (fault is AmqpException or TimeoutException or ObjectDisposedException or IOException)
        {
            // it has ended either way
        }
    }

    static async Task<(int Status, string Code, string? Text)?> AuthorizeAsync(Session session, string resource, AccessToken token, CancellationToken cancellationToken)
    {
        var reply = $"probe-{Guid.NewGuid():N}";
        var answers = new ReceiverLink(session, $"cbs-in-{reply}", new Attach { Source = new Source { Address = "$cbs" }, Target = new Target { Address = reply } }, onAttached: null);
        var questions = new SenderLink(session, $"cbs-out-{reply}", "$cbs");
        using var put = new Message(token.Token)
        {
            Properties = new() { MessageId = reply, ReplyTo = reply },
            ApplicationProperties = new() { ["operation"] = "put-token", ["type"] = "jwt", ["name"] = resource, ["expiration"] = token.ExpiresOn.UtcDateTime },
        };
        await questions.SendAsync(put).WaitAsync(cancellationToken);
        using var answer = await answers.ReceiveAsync().WaitAsync(cancellationToken);
        answers.Accept(answer);
        await questions.CloseAsync().WaitAsync(cancellationToken);
        await answers.CloseAsync().WaitAsync(cancellationToken);
        var status = Convert.ToInt32(answer.ApplicationProperties["status-code"], System.Globalization.CultureInfo.InvariantCulture);
        return status is >= 200 and < 300 ? null : (status, "", answer.ApplicationProperties["status-description"]?.ToString());
    }

    // A refused link is attached and detached at once; closing it waits for that.
    static async Task<(int Status, string Code, string? Text)?> AttachAsync(Session session, string path, bool isSender, CancellationToken cancellationToken)
    {
        var name = $"probe-{Guid.NewGuid():N}";
        Link link = isSender
            ? new SenderLink(session, name, path)
            : new ReceiverLink(session, name, new Attach { Source = new Source { Address = path }, Target = new Target() }, onAttached: null);
        try
        {
            await link.CloseAsync().WaitAsync(cancellationToken);
        }
        catch (AmqpException)
        {
            // what it says is in the link
        }

        return link.Error switch
        {
            null => null,
            { } error when new Symbol(ErrorCode.UnauthorizedAccess).Equals(error.Condition) => (403, "UnauthorizedAccess", error.Description),
            { } error => (404, error.Condition.ToString(), error.Description),
        };
    }
}
