using System.Collections.Concurrent;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Connect;

/// <summary>Where <see cref="LandedFiles"/> keeps what does not fit into a position.</summary>
internal interface IFileChunks
{
    /// <summary>What was written under a key; null when there is nothing.</summary>
    Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes under a key, which is the hash of the content. Durable when it returns.</summary>
    Task WriteAsync(string key, byte[] content, CancellationToken cancellationToken);
}

/// <summary>Gives each dataset its chunks: in storage; in memory where there is none, and with it no cursor that would outlive the process.</summary>
internal sealed class FileChunkStore(BlobStore? blobs)
{
    readonly ConcurrentDictionary<string, byte[]> _memory = new(StringComparer.Ordinal);

    /// <summary>The chunks of a dataset.</summary>
    public IFileChunks Of(string source, string dataset) => blobs is null ? new InMemory(_memory) : new InStorage(blobs, new(Containers.Control, $"files/{source}/{dataset}"));

    sealed class InMemory(ConcurrentDictionary<string, byte[]> memory) : IFileChunks
    {
        public Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => Task.FromResult(memory.GetValueOrDefault(key));

        public Task WriteAsync(string key, byte[] content, CancellationToken cancellationToken)
        {
            memory[key] = content;
            return Task.CompletedTask;
        }
    }

    sealed class InStorage(BlobStore blobs, LakePath folder) : IFileChunks
    {
        public async Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
        {
            if (await blobs.FindAsync(folder.Child(key), cancellationToken) is not { } found)
                return null;
            var content = new byte[found.Length];
            await using var stream = await blobs.OpenReadAsync(found.Path, cancellationToken);
            await stream.ReadExactlyAsync(content, cancellationToken);
            return content;
        }

        public Task WriteAsync(string key, byte[] content, CancellationToken cancellationToken) =>
            blobs.WriteOnceAsync(folder.Child(key), new MemoryStream(content, writable: false), contentType: null, cancellationToken);
    }
}
