using System.Runtime.ExceptionServices;
using Azure;
using Azure.Identity;
using DataIngestion.Storage.Access;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Storage;

/// <summary>
/// Creates, at start, the containers, queues and tables that are missing, so that nothing fails later for want of one. Where storage
/// refuses, the host starts all the same, because only a host that runs can say in <c>ready</c> which role is missing; what is left
/// undone is done when somebody asks again.
/// </summary>
public sealed partial class StorageSetup(
    BlobStore blobs, MessageQueues queues, IEnumerable<IStorageTable> tables, StorageResources resources, TimeProvider time, ILogger<StorageSetup> logger) : IHostedService, IDisposable
{
    // A network that swallows what is sent to it must not keep the host from starting.
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly Part _blobs = new(resources.Blobs, blobs.CreateContainersAsync);
    readonly Part _queues = new(resources.Queues, queues.CreateQueuesAsync);
    readonly Part _tables = new(resources.Tables, async cancellationToken =>
    {
        foreach (var table in tables)
            await table.CreateAsync(cancellationToken);
    });

    /// <summary>Creates what is missing. Failures of storage are told and left for later.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(((Part[])[_blobs, _queues, _tables]).Select(async part =>
        {
            try
            {
                await part.EnsureAsync(either.Token);
            }
            catch (Exception failure) when (IsOfStorage(failure) || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                SetupFailed(part.Resource.What, AccessFault.Of(part.Resource, failure)?.Message ?? FirstLine(failure));
            }
        }));
    }

    /// <summary>Nothing to stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Creates the containers, unless that has been done.</summary>
    public Task EnsureBlobsAsync(CancellationToken cancellationToken) => _blobs.EnsureAsync(cancellationToken);

    /// <summary>Creates the queues, unless that has been done.</summary>
    public Task EnsureQueuesAsync(CancellationToken cancellationToken) => _queues.EnsureAsync(cancellationToken);

    /// <summary>Creates the tables, unless that has been done.</summary>
    public Task EnsureTablesAsync(CancellationToken cancellationToken) => _tables.EnsureAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _blobs.Dispose();
        _queues.Dispose();
        _tables.Dispose();
    }

    static bool IsOfStorage(Exception failure) => failure is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException };

    static string FirstLine(Exception failure) => $"{failure.GetType().Name}: {failure.Message.Split('\n')[0].TrimEnd()}";

    [LoggerMessage(1401, LogLevel.Error, "Storage could not be set up ({What}): {Reason}")]
    partial void SetupFailed(string what, string reason);

    /// <summary>What is done once, by one at a time.</summary>
    sealed class Part(AzureResource resource, Func<CancellationToken, Task> create) : IDisposable
    {
        readonly SemaphoreSlim _one = new(1, 1);
        volatile bool _done;

        public AzureResource Resource => resource;

        public async Task EnsureAsync(CancellationToken cancellationToken)
        {
            if (_done)
                return;
            await _one.WaitAsync(cancellationToken);
            try
            {
                if (_done)
                    return;
                await create(cancellationToken);
                _done = true;
            }
            catch (AggregateException several) when (several.InnerExceptions is [var only])
            {
                ExceptionDispatchInfo.Throw(only);
            }
            finally
            {
                _one.Release();
            }
        }

        public void Dispose() => _one.Dispose();
    }
}

/// <summary>A store that keeps its rows in a table of its own.</summary>
public interface IStorageTable
{
    /// <summary>Creates the table if it is missing.</summary>
    Task CreateAsync(CancellationToken cancellationToken = default);
}
