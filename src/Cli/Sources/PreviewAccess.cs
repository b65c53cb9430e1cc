using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sources;

/// <summary>Lets a look at a system end after its first part, and keeps it from being acknowledged: messages stay in their queue, files where they are.</summary>
internal sealed class PreviewAccess(ISourceAccess inner) : ISourceAccess
{
    /// <inheritdoc />
    public Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) =>
        inner.UseAsync(source, (connection, stop) => work(new Connection(connection), stop), cancellationToken);

    // The connection stays its pool's.
    sealed class Connection(ISourceConnection inner) : ISourceConnection
    {
        public bool CanBeReused => inner.CanBeReused;

        public Task<string> ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

        public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => inner.DiscoverAsync(pattern, cancellationToken);

        public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => new Reader(await inner.ReadAsync(read, cancellationToken), read.Landed.Count > 0);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    sealed class Reader(ISourceReader inner, bool isDone) : ISourceReader
    {
        bool _isDone = isDone;

        public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
        {
            if (_isDone)
                return null;
            _isDone = true;
            return await inner.ReadNextAsync(destination, cancellationToken);
        }

        public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
