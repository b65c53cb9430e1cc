using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>How fast data come out of the systems that they are in, and what connections cost.</summary>
internal sealed class ConnectBenchmark : IBenchmark
{
    static readonly IConnectRace[] Races =
    [
        new PostgreSqlRace(),
        new MariaDbRace(),
        new SftpRace(),
        new S3Race(),
        new KafkaRace(),
        new WarmRace(),
        new HeldRace(),
        new HedgingRace(),
        new QuotaRace(),
    ];

    public string Name => "connect";

    public string Description => $"systems against the tools people use for them; arguments: any of {string.Join(", ", Races.Select(r => r.Name))} (default all)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments is [LoopbackPeer.Word])
        {
            await LoopbackPeer.ServeAsync();
            return;
        }

        foreach (var race in Races.Where(r => arguments.Count == 0 || arguments.Contains(r.Name)))
        {
            if (race.Server is { } server && TestServer.WhatIsMissing(server) is { } missing)
                report.Note($"{race.Name} is left out: {missing}; 'eng/test-servers install {server}' installs it.");
            else
                await race.RunAsync(report, cancellationToken);
        }
    }
}
