using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>What is known about a command.</summary>
/// <param name="BeganAt">When an agent last began it; null if none has.</param>
/// <param name="LastBeat">When the agent at work last said so; null if none has.</param>
/// <param name="Reply">The stored reply; null while there is none.</param>
public sealed record CommandState(DateTimeOffset? BeganAt, DateTimeOffset? LastBeat, AgentReply? Reply)
{
    /// <summary>A command that no agent has begun.</summary>
    public static CommandState Unseen { get; } = new(null, null, null);
}

/// <summary>
/// Remembers which commands were begun, that their agents are alive, and what they answered, so that a command delivered twice is
/// done once and answered twice. One row a command in the table <c>commands</c>.
/// </summary>
public sealed class CommandLedger(StorageClients clients, BlobStore blobs, TimeProvider time) : IStorageTable
{
    // A table property holds 32 Ki characters; larger replies go to a blob.
    const int MaxInlineCharacters = 30_000;

    readonly TableClient _table = clients.Tables.GetTableClient("commands");

    /// <summary>Creates the table if it is missing.</summary>
    public Task CreateAsync(CancellationToken cancellationToken = default) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>What is known about a command.</summary>
    public async Task<CommandState> FindAsync(string commandId, CancellationToken cancellationToken = default)
    {
        var (partition, row) = KeyOf(commandId);
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        if (!found.HasValue)
            return CommandState.Unseen;

        return await ReadAsync(found.Value!, cancellationToken);
    }

    async Task<CommandState> ReadAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        AgentReply? reply = null;
        if (entity.GetString("Reply") is { } inline)
            reply = JsonSerializer.Deserialize<AgentReply>(inline, ContractJson.Options);
        else if (entity.GetString("ReplyAt") is { } at)
            reply = await ReplyAtAsync(LakePath.Parse(at), cancellationToken);
        return new(entity.GetDateTimeOffset("BeganAt"), entity.GetDateTimeOffset("Beat"), reply);
    }

    /// <summary>Notes that an agent begins a command.</summary>
    public Task BeginAsync(string commandId, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return MergeAsync(commandId, new() { ["BeganAt"] = now, ["Beat"] = now }, cancellationToken);
    }

    /// <summary>Notes that the agent at work on a command is alive.</summary>
    public Task BeatAsync(string commandId, CancellationToken cancellationToken = default) =>
        MergeAsync(commandId, new() { ["Beat"] = time.GetUtcNow() }, cancellationToken);

    /// <summary>Stores the reply to a command. The first one stays: of two agents that did the same command, both must give one answer.</summary>
    /// <returns>The reply that counts.</returns>
    public async Task<AgentReply> FinishAsync(AgentReply reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var (partition, row) = KeyOf(reply.CommandId);
        while (true)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
            if (found.HasValue && (found.Value!.ContainsKey("Reply") || found.Value.ContainsKey("ReplyAt")))
                return (await ReadAsync(found.Value, cancellationToken)).Reply!;

            var entity = found.HasValue ? found.Value! : new TableEntity(partition, row);
            var text = JsonSerializer.Serialize(reply, ContractJson.Options);
            if (text.Length <= MaxInlineCharacters)
            {
                entity["Reply"] = text;
            }
            else
            {
                // Named by content: of two agents, the row decides which one's blob counts.
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
                var at = new LakePath(Containers.Control, $"replies/{reply.CommandId}/{hash}.json");
                await blobs.WriteJsonOnceAsync(at, reply, cancellationToken);
                entity["ReplyAt"] = at.ToString();
            }

            try
            {
                if (found.HasValue)
                    await _table.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace, cancellationToken);
                else
                    await _table.AddEntityAsync(entity, cancellationToken);
                return reply;
            }
            catch (RequestFailedException conflict) when (conflict.Status is 409 or 412)
            {
                // A heartbeat or another agent came between: look again.
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == "TableNotFound")
            {
                await CreateAsync(cancellationToken);
            }
        }
    }

    // A command that was answered must not look unanswered, or it would be done again.
    async Task<AgentReply> ReplyAtAsync(LakePath at, CancellationToken cancellationToken) =>
        (await blobs.ReadJsonAsync<AgentReply>(at, cancellationToken))?.Value ?? throw new StepFailedException(new()
        {
            Code = "reply-missing",
            Message = $"The command was answered, but its reply '{at}' is gone: replay the run.",
        });

    async Task MergeAsync(string commandId, TableEntity changes, CancellationToken cancellationToken)
    {
        (changes.PartitionKey, changes.RowKey) = KeyOf(commandId);
        try
        {
            await _table.UpsertEntityAsync(changes, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "TableNotFound")
        {
            await CreateAsync(cancellationToken);
            await _table.UpsertEntityAsync(changes, TableUpdateMode.Merge, cancellationToken);
        }
    }

    // Table keys must not hold '/'.
    static (string Partition, string Row) KeyOf(string commandId)
    {
        var slash = commandId.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? (commandId[..slash], new StringBuilder(commandId, slash + 1, commandId.Length - slash - 1, 64).Replace('/', '|').ToString())
            : throw new ArgumentException($"'{commandId}' is not a command id: expected run/step/attempt.", nameof(commandId));
    }
}
