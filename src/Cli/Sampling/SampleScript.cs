namespace DataIngestion.Cli.Sampling;

/// <summary>The exchanges of one run: which are still to come, and what was asked beside them.</summary>
internal sealed class SampleScript(SampleFile sample, SampleRun run, DateTimeOffset now)
{
    readonly Lock _lock = new();
    readonly List<SampleExchange> _open = [.. run.Exchanges];
    readonly List<string> _problems = [];

    /// <summary>What answers say their time is.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The answer to a request; null, and a problem, where the sample has none.</summary>
    public SampleResponse? Answer(SeenRequest request)
    {
        lock (_lock)
        {
            if (_open.FirstOrDefault(e => request.DifferencesFrom(e.Request).Count == 0) is { } exchange)
            {
                _open.Remove(exchange);
                return exchange.Response;
            }

            _problems.Add(Explain(request));
            return null;
        }
    }

    /// <summary>What was asked but is not in the sample, and what is in the sample but was not asked.</summary>
    public IReadOnlyList<string> Problems()
    {
        lock (_lock)
            return [.. _problems, .. _open.Select(e => sample.Locate(e, "", $"{e.Request.Method} {e.Request.Path} was not asked."))];
    }

    /// <summary>The bytes of an answer's body.</summary>
    public async Task<byte[]> BodyAsync(SampleResponse response, CancellationToken cancellationToken) =>
        response.File is { } file ? await File.ReadAllBytesAsync(sample.PathOf(file), cancellationToken) : System.Text.Encoding.UTF8.GetBytes(response.Body ?? "");

    string Explain(SeenRequest request)
    {
        if (run.Exchanges.Count == 0)
            return $"{sample.Name}: {request} was made, but this run has no exchanges.";
        if (run.Exchanges.FirstOrDefault(e => request.DifferencesFrom(e.Request).Count == 0) is { } again)
            return sample.Locate(again, "", $"{request} was made more often than the sample says.");
        var (closest, differences) = (_open.Count > 0 ? _open : run.Exchanges)
            .Select(e => (Exchange: e, Differences: request.DifferencesFrom(e.Request)))
            .MinBy(e => e.Differences.Count);
        return sample.Locate(closest, "", $"{request} is not in the sample. This exchange is closest, but {string.Join("; ", differences)}.");
    }
}
