using System.Text;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

/// <summary>
/// A system that a test writes: a queue of numbered records, read in parts of a few lines. Its position is the number of the next
/// record; what was acknowledged is gone from it, as from a queue.
/// </summary>
internal sealed class ScriptedSystem : ISourceSystem
{
    public string Name => "scripted";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream, SourceKind.Database];

    public IReadOnlyList<string> Schemes => ["scripted"];

    public IReadOnlyList<string> Authentication => [];

    public Type ConnectionOptions => typeof(NoOptions);

    public Type ReadOptions => typeof(NoOptions);

    /// <summary>Records there are, numbered from 0.</summary>
    public int Count { get; set; } = 10;

    /// <summary>Records a part.</summary>
    public int PartSize { get; init; } = 3;

    /// <summary>Whether the last part has no position: what is read cannot be continued by the next run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Names the part that begins with a record; another attempt may see another one.</summary>
    public Func<int, string> NameOf { get; set; } = first => $"from {first}";

    /// <summary>Spells the position behind a part; the reader needs its end only.</summary>
    public Func<int, string> PositionOf { get; init; } = next => $"{next}";

    /// <summary>Called before the part that begins with a record is read; throws, waits, counts.</summary>
    public Func<int, Stream, CancellationToken, Task> BeforePart { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Called before a part is acknowledged.</summary>
    public Action<SourcePart> BeforeAcknowledgement { get; set; } = _ => { };

    public List<SourceRead> Reads { get; } = [];

    public List<string> Acknowledged { get; } = [];

    public int ReadersOpen { get; private set; }

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) => Task.FromResult<ISourceConnection>(new Connection(this));

    sealed class Connection(ScriptedSystem system) : ISourceConnection
    {
        public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("scripted");

        public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourceObject>();

        public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
        {
            lock (system.Reads)
            {
                system.Reads.Add(read);
                system.ReadersOpen++;
            }

            return Task.FromResult<ISourceReader>(new Reader(system, read));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    sealed class Reader(ScriptedSystem system, SourceRead read) : ISourceReader
    {
        int _next = read.Position is { } position ? int.Parse(position.Split(' ')[^1]) : 0;

        public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
        {
            if (_next >= system.Count)
                return null;
            await system.BeforePart(_next, destination, cancellationToken);
            var (first, end) = (_next, Math.Min(_next + system.PartSize, system.Count));
            for (; _next < end; _next++)
                await destination.WriteAsync(Encoding.UTF8.GetBytes($"{{\"n\":{_next}}}\n"), cancellationToken);
            return new()
            {
                Name = system.NameOf(first),
                Position = system.IsWhole && end == system.Count ? null : system.PositionOf(end),
                KnownAt = DateTimeOffset.UnixEpoch,
                ContentType = "application/x-ndjson",
                Records = end - first,
                Headers = new Dictionary<string, string> { ["first"] = $"{first}" },
            };
        }

        public Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
        {
            system.BeforeAcknowledgement(part);
            lock (system.Reads)
                system.Acknowledged.Add(part.Headers["first"]);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            lock (system.Reads)
                system.ReadersOpen--;
            return ValueTask.CompletedTask;
        }
    }
}
