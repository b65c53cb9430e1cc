using System.Net.Http.Json;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests.Monitoring;

/// <summary>What Kusto's own language service says of a query.</summary>
internal sealed record KustoAnswer(IReadOnlyList<string> Faults, IReadOnlyList<string> Columns)
{
    /// <summary>Asks it about queries; skips the running test where it is not installed.</summary>
    public static async Task<IReadOnlyList<KustoAnswer>> AskAsync(IEnumerable<string> queries, CancellationToken cancellationToken)
    {
        await using var kusto = await TestServer.StartAsync("kusto", cancellationToken: cancellationToken);
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        using var answer = await client.PostAsJsonAsync(new Uri($"http://127.0.0.1:{kusto.Port}/"), new { tables = WorkspaceTables.All, queries }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<List<KustoAnswer>>(cancellationToken))!;
    }
}
