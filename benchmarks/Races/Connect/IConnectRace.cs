namespace DataIngestion.Benchmarks.Connect;

/// <summary>One figure of <c>ingest bench connect</c>: a system against the tool that people would use for it, in the same run.</summary>
internal interface IConnectRace
{
    /// <summary>The word after <c>ingest bench connect</c>.</summary>
    string Name { get; }

    /// <summary>The server of <c>eng/servers</c> that it needs; null for none.</summary>
    string? Server { get; }

    /// <summary>Measures.</summary>
    Task RunAsync(IReport report, CancellationToken cancellationToken);
}
