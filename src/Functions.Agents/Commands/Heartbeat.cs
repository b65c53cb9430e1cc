using Azure;
using DataIngestion.Storage;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Commands;

/// <summary>Says at intervals that the agent at work on a command is alive, until it is disposed.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    Task _beating = Task.CompletedTask;

    Heartbeat()
    {
    }

    public static Heartbeat Start(CommandLedger ledger, string commandId, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        var heart = new Heartbeat();
        heart._beating = heart.BeatAsync(ledger, commandId, interval, time, logger);
        return heart;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    async Task BeatAsync(CommandLedger ledger, string commandId, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await ledger.BeatAsync(commandId, _stop.Token);
                }
                catch (RequestFailedException failure)
                {
                    logger.LogWarning(failure, "{Command}: a heartbeat could not be written; its manager may send the command again", commandId);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The command has ended.
        }
    }
}
