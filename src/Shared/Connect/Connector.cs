using System.Net;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Answers whether a source is there and lets us in: the connector agent's work.</summary>
public sealed class Connector(ISourceHttp http, ISourceAccess access, TimeProvider time)
{
    /// <summary>Makes the source's probe request, or asks its base address where it has none; asks another system something cheap.</summary>
    /// <exception cref="StepFailedException">It cannot be reached or does not let us in.</exception>
    public async Task<ConnectResult> CheckAsync(ConnectArguments arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var source = arguments.Source;
        var connection = source.Connection ?? throw new StepFailedException(new()
        {
            Code = "connection-missing",
            Message = $"The source '{source.Source}' has no 'connection': there is nothing to reach.",
        });

        if (!source.IsAskedByHttp)
        {
            var began = time.GetTimestamp();
            var said = await access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), cancellationToken);
            return new(connection.BaseUrl, said, time.GetElapsedTime(began));
        }

        try
        {
            var (answer, _, roundTrip) = await http.SendAsync(
                source,
                new() { Path = connection.Probe ?? "" },
                (response, _) => Task.FromResult(new ConnectResult(response.Endpoint, Describe(response), TimeSpan.Zero)),
                cancellationToken);
            return answer with { RoundTrip = roundTrip };
        }
        catch (StepFailedException missing) when (connection.Probe is null && missing.Failure.HttpStatus is 404 or 405)
        {
            // Few vendors serve anything at the base address itself; that it answers is all that can be asked there.
            return new(connection.BaseUrl, $"{missing.Failure.HttpStatus} at the base address: the source is up; whether it lets us in needs a 'probe'", TimeSpan.Zero);
        }
    }

    /// <summary>Lists what can be read of a source that is not asked by HTTP, with columns where the system knows them.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pattern">Names, with <c>*</c> and <c>?</c>; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>By name; and whether there are more.</returns>
    /// <exception cref="StepFailedException">It cannot be reached, does not let us in, or cannot list anything.</exception>
    public Task<SourceContents> DiscoverAsync(SourceDefinition source, string? pattern, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Connection is null || source.IsAskedByHttp)
        {
            throw new StepFailedException(new()
            {
                Code = "not-listable",
                Message = $"The source '{source.Source}' cannot list what it has: {(source.Connection is null ? "it has no 'connection'" : "what an HTTP API offers stands in its documentation")}.",
            });
        }

        return access.UseAsync(
            source,
            async (open, stop) =>
            {
                var found = new List<SourceObject>();
                await foreach (var item in open.DiscoverAsync(pattern, stop))
                {
                    if (found.Count == limit)
                        return new SourceContents(found, HasMore: true);
                    found.Add(item);
                }

                return new SourceContents([.. found.OrderBy(f => f.Name, StringComparer.Ordinal)], HasMore: false);
            },
            cancellationToken);
    }

    static string Describe(SourceResponse response) =>
        $"{(int)response.Status} {response.Status}{(response.ContentType is { } type ? $", {type}" : "")}";
}

/// <summary>What can be read of a source.</summary>
/// <param name="Objects">Tables, topics, queues, files.</param>
/// <param name="HasMore">Whether there are more than were asked for.</param>
public sealed record SourceContents(IReadOnlyList<SourceObject> Objects, bool HasMore);
