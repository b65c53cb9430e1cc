namespace DataIngestion.Benchmarks;

/// <summary>One race or scoreboard, run as <c>ingest bench NAME</c>.</summary>
internal interface IBenchmark
{
    /// <summary>The word after <c>ingest bench</c>.</summary>
    string Name { get; }

    /// <summary>One line for the list of benchmarks.</summary>
    string Description { get; }

    /// <summary>Measures, reporting each result as soon as it is known.</summary>
    /// <param name="arguments">What stood on the command line after the name, without <c>--json</c>.</param>
    Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
