using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>The way to sources as an agent has it, for races.</summary>
internal sealed class ConnectStage : IAsyncDisposable
{
    readonly ServiceProvider _services;

    public ConnectStage(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
        services.AddConnect();
        _services = services.BuildServiceProvider();
    }

    /// <summary>A service of the agents.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Reads a source's only dataset to its end, each part to a destination.</summary>
    /// <param name="source">A source with one dataset.</param>
    /// <param name="destination">Gives the stream for a part; it is disposed behind it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Parts, records where they were counted, and the time.</returns>
    public Task<(int Parts, long Records, TimeSpan Time)> ReadAsync(SourceDefinition source, Func<Stream> destination, CancellationToken cancellationToken) =>
        Get<ISourceAccess>().UseAsync(
            source,
            async (connection, stop) =>
            {
                var began = Stopwatch.GetTimestamp();
                var (parts, records) = (0, 0L);
                var read = new SourceRead { Dataset = source.Datasets[0], Run = "race", StartedAt = TimeProvider.System.GetUtcNow() };
                await using var reader = await connection.ReadAsync(read, stop);
                while (true)
                {
                    await using var stream = destination();
                    if (await reader.ReadNextAsync(stream, stop) is not { } part)
                        return (parts, records, Stopwatch.GetElapsedTime(began));
                    await reader.LandedAsync(part, stop);
                    parts++;
                    records += part.Records ?? 0;
                    if (source.Kind is SourceKind.Stream)
                        return (parts, records, Stopwatch.GetElapsedTime(began));
                }
            },
            cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
