using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using DataIngestion.Storage;

namespace DataIngestion.Merge.Tests;

/// <summary>Stands between the merger and the store: fails at a chosen write, as a killed process would, or lets something happen before one.</summary>
internal sealed class FailingWrites : HttpPipelinePolicy
{
    int _writes;

    /// <summary>The write at which to fail, from 1; 0 for never.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether the write reaches the store before the failure (the answer is lost) or not.</summary>
    public bool AfterWriting { get; set; }

    /// <summary>Called once before the pointer is written.</summary>
    public Func<Task>? BeforePointer { get; set; }

    public int Writes => _writes;

    public StorageClients Connect(string connectionString)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        options.AddPolicy(this, HttpPipelinePosition.PerCall);
        return StorageClients.Connect(connectionString) with { Blobs = new BlobServiceClient(connectionString, options) };
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (message.Request.Method != RequestMethod.Put && message.Request.Method != RequestMethod.Delete)
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        if (message.Request.Uri.Path.EndsWith("current.json", StringComparison.Ordinal) && BeforePointer is { } before)
        {
            BeforePointer = null;
            await before();
        }

        var fails = Interlocked.Increment(ref _writes) == FailAt;
        if (fails && !AfterWriting)
            throw new IOException("killed before the write");
        await ProcessNextAsync(message, pipeline);
        if (fails)
            throw new IOException("killed after the write");
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
