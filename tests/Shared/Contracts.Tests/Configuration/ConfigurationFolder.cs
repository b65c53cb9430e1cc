using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Contracts.Tests.Configuration;

/// <summary>A small valid configuration on disk, to be broken in one place.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    readonly TemporaryFolder _folder = new("configuration");

    public ConfigurationFolder()
    {
        foreach (var (path, text) in Valid)
            Write(path, text);
    }

    public static IReadOnlyDictionary<string, string> Valid { get; } = new Dictionary<string, string>
    {
        ["configs/sources/alpha.yaml"] = """
            source: alpha
            title: Alpha Markets
            kind: api
            docs: https://example.org/docs
            connection:
              baseUrl: https://api.example.org
              auth:
                kind: api-key
                header: X-Api-Key
                value: ${ALPHA_KEY}
              headers:
                Accept: application/json
              limits:
                requestsPerSecond: 2.5
                attemptTimeout: 500ms
                maxResponseBytes: 1048576
            datasets:
              - dataset: bars
                request:
                  path: /v1/bars
                  query: { symbols: "A,B" }
                pagination:
                  kind: cursor
                  parameter: page
                  nextPath: next
                cursor:
                  field: day
                  type: date
                  parameter: from
                  overlap: 2d
                columns:
                  symbol: { from: s }
                  day: { from: d }
                  close: { from: c }
                  currency: { constant: USD }
            schedule:
              cron: "30 18 * * 1-5"
              timeZone: America/New_York
            fallbacks: [beta]

            """,
        ["configs/sources/beta.yaml"] = """
            source: beta
            kind: file
            datasets:
              - dataset: bars
                files: "*.csv"

            """,
        ["configs/sources/every.yaml"] = """
            source: every
            kind: batch
            members: [alpha, beta]
            maxParallel: 2

            """,
        ["configs/datasets/bars.yaml"] = """
            dataset: bars
            keys: [symbol, day]
            columns:
              symbol: { type: string, nullable: false }
              day: { type: date }
              close: { type: decimal, precision: 18, scale: 4, minimum: 0 }
              currency: { type: string }
            priority: [alpha, beta]
            quality:
              minimumScore: 90
              rules: ["close >= 0"]

            """,
        ["workflows/api.yaml"] = """
            workflow: api
            for: api
            heartbeat: 10s
            collect:
              deadline: 10m
              retry: { attempts: 3, delay: 1s, maxDelay: 1m, within: 1h, useCache: true }

            """,
        ["workflows/file.yaml"] = "workflow: file\nfor: file\n",
        ["workflows/batch.yaml"] = "workflow: batch\nfor: batch\n",
    };

    public string Path => _folder.Path;

    public void Write(string path, string text)
    {
        var full = System.IO.Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Replace(string path, string find, string replacement)
    {
        var text = Valid[path];
        Assert.Contains(find, text, StringComparison.Ordinal);
        var at = text.IndexOf(find, StringComparison.Ordinal);
        Write(path, text[..at] + replacement + text[(at + find.Length)..]);
    }

    public PlatformConfiguration Load(params ConfigurationCheck[] checks) =>
        ConfigurationLoader.Load(System.IO.Path.Combine(Path, "configs"), System.IO.Path.Combine(Path, "workflows"), checks);

    /// <summary>The faults, with paths relative to the folder.</summary>
    public IReadOnlyList<string> Faults(params ConfigurationCheck[] checks)
    {
        try
        {
            Load(checks);
            return [];
        }
        catch (ConfigurationException broken)
        {
            return broken.Faults.Select(f => f.ToString().Replace(Path + "/", "", StringComparison.Ordinal)).ToList();
        }
    }

    public void Dispose() => _folder.Dispose();
}
