using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>When a run is killed, as seen from one of its parts.</summary>
internal enum CrashPoint
{
    /// <summary>The part is read, but not in landing: it must be read again.</summary>
    BeforeLanding,

    /// <summary>The part is in landing, but the reader does not know: it must not be read again, and be acknowledged in the next attempt.</summary>
    BeforeAcknowledgement,

    /// <summary>The part is acknowledged.</summary>
    AfterAcknowledgement,
}

/// <summary>A part that was landed.</summary>
internal sealed record LandedPart(int Run, SourcePart Part, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>
/// Reads a dataset as the collector does, with landing in memory: part after part, acknowledged once it is landed, a new attempt
/// behind the last part of its run, a new run behind the last one that ended. The clock, names and secrets come from outside.
/// </summary>
internal sealed class ReaderHarness : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly bool _ownsServices;
    readonly SourceDefinition _source;
    readonly TimeProvider _time;
    readonly List<LandedPart> _all = [];
    List<SourcePart> _parts = [];
    DateTimeOffset _startedAt;
    int _run;
    bool _isOpen;

    /// <summary>Reads the source's first dataset.</summary>
    /// <param name="source">The source, with its connection and dataset.</param>
    /// <param name="services">What it is read with; null makes services with <paramref name="settings"/>, disposed with this object.</param>
    /// <param name="settings">Settings that references name, such as passwords.</param>
    public ReaderHarness(SourceDefinition source, ServiceProvider? services = null, params (string Name, string Value)[] settings)
    {
        (_source, _ownsServices, _services) = (source, services is null, services ?? Sources.Services(settings: settings));
        _time = _services.GetRequiredService<TimeProvider>();
    }

    /// <summary>Stands between reader and landing, for tests of back-pressure and of writes that fail.</summary>
    public Func<Stream, Stream>? Destination { get; set; }

    /// <summary>Where the next run begins: moved when a run ends.</summary>
    public string? Cursor { get; set; }

    /// <summary>Parts landed by all runs, in order.</summary>
    public IReadOnlyList<LandedPart> Landed => _all;

    /// <summary>Parts that were acknowledged, in order; a part is here again when it was acknowledged again.</summary>
    public List<SourcePart> Acknowledged { get; } = [];

    /// <summary>How often a reader was opened.</summary>
    public int Attempts { get; private set; }

    /// <summary>All lines landed.</summary>
    public IReadOnlyList<string> Lines => [.. _all.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>All lines landed, as JSON.</summary>
    public IReadOnlyList<JsonElement> Records => [.. Lines.Select(l => JsonElement.Parse(l))];

    /// <summary>All bytes landed.</summary>
    public byte[] Bytes => [.. _all.SelectMany(p => p.Bytes)];

    /// <summary>Reads to the end: continues the run that was killed, or begins a new one. Stream: one window.</summary>
    /// <returns>The parts that this call landed.</returns>
    public async Task<IReadOnlyList<LandedPart>> RunAsync(TimeWindow? window = null, CancellationToken? cancellationToken = null)
    {
        var before = _all.Count;
        await AttemptAsync(null, 0, window, cancellationToken ?? TestContext.Current.CancellationToken);
        _isOpen = false;
        if (window is null && _parts.Count > 0)
            Cursor = _parts[^1].Position;
        return _all[before..];
    }

    /// <summary>Reads like <see cref="RunAsync"/>, and is killed at that point of the run's part with that number (from 0).</summary>
    public async Task CrashAsync(CrashPoint point, int part = 0, TimeWindow? window = null) =>
        await Assert.ThrowsAsync<KilledException>(() => AttemptAsync(point, part, window, TestContext.Current.CancellationToken));

    /// <summary>Reads like <see cref="RunAsync"/>, which must fail. The run stays open.</summary>
    public async Task<Failure> FailureAsync(TimeWindow? window = null) =>
        (await Assert.ThrowsAsync<StepFailedException>(() => AttemptAsync(null, 0, window, TestContext.Current.CancellationToken))).Failure;

    /// <summary>Gives up the run that was killed: the next one begins where it began.</summary>
    public void Abandon() => _isOpen = false;

    /// <summary>Nothing lost, nothing twice: what was landed is exactly this, in this order unless order does not matter.</summary>
    public void AssertExactly<T>(IEnumerable<T> expected, Func<JsonElement, T> of, bool ordered = true)
        where T : notnull
    {
        var (wanted, got) = (expected.ToList(), Records.Select(of).ToList());
        Assert.Equal([], wanted.Except(got)); // lost
        Assert.Equal([], got.CountBy(x => x).Where(x => x.Value > 1).Select(x => x.Key)); // twice
        Assert.Equal(ordered ? wanted : [.. wanted.Order()], ordered ? got : [.. got.Order()]);
    }

    /// <summary>Probes the source.</summary>
    public Task<string> ProbeAsync() => UseAsync((connection, stop) => connection.ProbeAsync(stop));

    /// <summary>Lists what can be read.</summary>
    public Task<List<SourceObject>> DiscoverAsync(string? pattern = null) =>
        UseAsync(async (connection, stop) => await connection.DiscoverAsync(pattern, stop).ToListAsync(stop));

    /// <summary>Uses a connection of the source.</summary>
    public Task<T> UseAsync<T>(Func<ISourceConnection, CancellationToken, Task<T>> work) =>
        _services.GetRequiredService<ISourceAccess>().UseAsync(_source, work, TestContext.Current.CancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _ownsServices ? _services.DisposeAsync() : ValueTask.CompletedTask;

    async Task AttemptAsync(CrashPoint? point, int number, TimeWindow? window, CancellationToken cancellationToken)
    {
        if (!_isOpen)
            (_isOpen, _parts, _run, _startedAt) = (true, [], _run + 1, _time.GetUtcNow());
        while (true)
        {
            var before = _parts.Count;
            try
            {
                await _services.GetRequiredService<ISourceAccess>().UseAsync(
                    _source,
                    async (connection, stop) =>
                    {
                        Attempts++;
                        await ReadAsync(connection, point, number, window, stop);
                        return true;
                    },
                    cancellationToken);
                return;
            }
            catch (StepFailedException failed) when (failed.Failure is { IsTransient: true, RetryNotBefore: null } && _parts.Count > before)
            {
                // As the collector does: what breaks off after good work has earned its attempts anew.
            }
        }
    }

    async Task ReadAsync(ISourceConnection connection, CrashPoint? point, int number, TimeWindow? window, CancellationToken cancellationToken)
    {
        var from = window is null ? Cursor : null;
        var read = new SourceRead
        {
            Dataset = _source.Datasets[0],
            Run = $"run-{_run}",
            StartedAt = _startedAt,
            Position = _parts.Count > 0 ? _parts[^1].Position : from,
            RunPosition = from,
            Landed = [.. _parts],
            Window = window,
        };
        await using var reader = await connection.ReadAsync(read, cancellationToken);
        foreach (var part in read.Landed)
            await AcknowledgeAsync(reader, part, cancellationToken);

        while (_parts.Count == 0 || (_source.Kind is not SourceKind.Stream && _parts[^1].Position is not null))
        {
            using var body = new MemoryStream();
            var destination = Destination?.Invoke(body) ?? body;
            if (await reader.ReadNextAsync(destination, cancellationToken) is not { } part)
                return;
            Assert.True(part.Position is null or { Length: <= 4000 }, $"The position '{part.Position}' has {part.Position?.Length} characters: at most 4,000 are kept.");
            KillAt(CrashPoint.BeforeLanding);
            _parts.Add(part);
            _all.Add(new(_run, part, body.ToArray()));
            KillAt(CrashPoint.BeforeAcknowledgement);
            await AcknowledgeAsync(reader, part, cancellationToken);
            KillAt(CrashPoint.AfterAcknowledgement);

            void KillAt(CrashPoint here)
            {
                if (point == here && number == (here is CrashPoint.BeforeLanding ? _parts.Count : _parts.Count - 1))
                    throw new KilledException();
            }
        }
    }

    async Task AcknowledgeAsync(ISourceReader reader, SourcePart part, CancellationToken cancellationToken)
    {
        await reader.LandedAsync(part, cancellationToken);
        Acknowledged.Add(part);
    }

    sealed class KilledException : Exception;
}
