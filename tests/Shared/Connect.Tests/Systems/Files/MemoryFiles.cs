using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

/// <summary>A folder in memory, with the faults that a test wants.</summary>
internal sealed class MemoryFiles : IRemoteFolder
{
    public SortedDictionary<string, (byte[] Bytes, DateTimeOffset ModifiedAt)> There { get; } = new(StringComparer.Ordinal);

    public List<string> Moves { get; } = [];

    public List<long> Offsets { get; } = [];

    public DateTimeOffset? Clock { get; set; }

    public int Parallel { get; set; } = 1;

    public string? Checksum { get; set; }

    /// <summary>Called with a file's name and the bytes delivered so far, before each further ones.</summary>
    public Action<string, int> Reading { get; set; } = (_, _) => { };

    public MemoryFiles Put(string name, DateTimeOffset modifiedAt, string text = "x")
    {
        There[name] = (Encoding.UTF8.GetBytes(text), modifiedAt);
        return this;
    }

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("memory");

    public Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellationToken) => Task.FromResult(Clock);

    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var prefix = folder is null ? "" : folder + "/";
        foreach (var (name, (bytes, modifiedAt)) in There.ToList())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && (recursive || !name[prefix.Length..].Contains('/', StringComparison.Ordinal)))
                yield return new(name, bytes.Length, modifiedAt) { Checksum = Checksum };
        }
    }

    public Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        Offsets.Add(offset);
        return Task.FromResult<Stream>(new Slow(this, file.Name, There[file.Name].Bytes, (int)offset));
    }

    public Task<RemoteFile?> FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(There.TryGetValue(name, out var file) ? new RemoteFile(name, file.Bytes.Length, file.ModifiedAt) : null);

    public Task<bool> MoveAsync(string name, string target, CancellationToken cancellationToken)
    {
        if (There.ContainsKey(target))
            return Task.FromResult(false);
        Moves.Add($"{name} > {target}");
        There[target] = There[name];
        return Task.FromResult(There.Remove(name));
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Moves.Add(name);
        There.Remove(name);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Gives five bytes at a time.</summary>
    sealed class Slow(MemoryFiles files, string name, byte[] bytes, int at) : MemoryStream(bytes, writable: false)
    {
        int _at = at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.Reading(name, _at);
            Position = _at;
            var read = Read(buffer.Span[..Math.Min(5, buffer.Length)]);
            _at += read;
            return ValueTask.FromResult(read);
        }
    }
}

/// <summary>The system <c>memory</c>: whatever reads it reads the test's files.</summary>
internal sealed class MemorySystem(MemoryFiles files, FileChunkStore chunks, FileDefaults defaults) : ISourceSystem
{
    public string Name => "memory";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    public IReadOnlyList<string> Schemes => ["memory"];

    public IReadOnlyList<string> Authentication => [];

    public Type ConnectionOptions => typeof(NoOptions);

    public Type ReadOptions => typeof(FileReadOptions);

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new FileSystemConnection(files, site, ReadOptions, defaults, chunks));

    /// <summary>Reads the files as the collector would.</summary>
    public static ReaderHarness Read(MemoryFiles files, FakeTimeProvider time, FileDefaults? defaults = null, string? folder = null, string pattern = "*", FileChunkStore? chunks = null, int attempts = 3, params (string Name, string Value)[] options)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(time);
        services.AddConnect();
        services.AddSingleton(files);
        services.AddSingleton(chunks ?? new(null));
        services.AddSingleton(defaults ?? FileDefaults.FileSystem);
        services.AddSystem<MemorySystem>();
        return new(
            new()
            {
                Source = "vendor",
                Kind = SourceKind.File,
                Connection = new() { System = "memory", BaseUrl = "memory://here/", Limits = Sources.Quick with { Attempts = attempts } },
                Datasets = [new() { Dataset = "prices", Files = pattern, Read = new() { Object = folder, Options = options.ToDictionary(o => o.Name, o => o.Value) } }],
            },
            services.BuildServiceProvider());
    }
}
