using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Samples;

namespace DataIngestion.Collect.Tests;

/// <summary>The simulated vendor's bars as sources, and what a converter would take out of their landing.</summary>
internal static class Bars
{
    public static readonly DateOnly FirstDay = new(2026, 1, 5);

    public static VendorOptions Vendor(int days = 40, params string[] symbols) => new()
    {
        ApiKey = Workbench.Secret,
        Bars = Bar.Generate(7, symbols.Length == 0 ? ["AAPL", "MSFT", "SPY"] : symbols, FirstDay, days),
    };

    public static readonly CursorDefinition ByDate = new() { Field = "date", Type = CursorType.Date, Parameter = "from", Overlap = "3d" };

    public static SourceDatasetDefinition Paged(int size) => new()
    {
        Dataset = "bars",
        Request = new() { Path = "/v1/bars" },
        Pagination = new() { Kind = PaginationKind.Page, Parameter = "page", SizeParameter = "size", Size = size },
        Format = new() { Format = "json", RecordPath = "bars[*]" },
    };

    public static SourceDatasetDefinition ByCursor(int size) => new()
    {
        Dataset = "bars",
        Request = new() { Path = "/v1/bars/cursor" },
        Pagination = new() { Kind = PaginationKind.Cursor, Parameter = "cursor", NextPath = "next", SizeParameter = "size", Size = size },
        Format = new() { RecordPath = "data.bars[*]" },
    };

    public static SourceDatasetDefinition ByLink(int size) => new()
    {
        Dataset = "bars",
        Request = new() { Path = "v1/bars/link" },
        Pagination = new() { Kind = PaginationKind.Link, SizeParameter = "size", Size = size },
    };

    public static SourceDatasetDefinition All => new() { Dataset = "bars", Request = new() { Path = "/v1/bars/all" }, Format = new() { RecordPath = "bars[*]" } };

    public static SourceDatasetDefinition Trades => new()
    {
        Dataset = "trades",
        Request = new() { Path = "/v1/stream/trades", WindowRecords = 37, Window = TimeSpan.FromMinutes(10) },
        Cursor = new() { Field = "seq", Type = CursorType.Integer, Parameter = "after" },
    };

    /// <summary>The records to convert: those of the artefacts, without the places to skip.</summary>
    public static async Task<List<string>> RecordsAsync(this Workbench bench, LandingManifest manifest)
    {
        List<string> records = [];
        foreach (var artefact in manifest.Artefacts)
        {
            var skip = artefact.SkipRecords.ToHashSet();
            var bytes = await bench.BytesAsync(artefact.Path);
            records.AddRange(All(bytes).Where((_, place) => !skip.Contains(place)));
        }

        return records;

        static IEnumerable<string> All(byte[] bytes)
        {
            if (bytes.AsSpan().IndexOf("\n"u8) > 0)
                return System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var root = JsonDocument.Parse(bytes).RootElement;
            if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data))
                root = data;
            if (root.ValueKind is JsonValueKind.Object)
                root = root.TryGetProperty("rows", out var rows) ? rows : root.GetProperty("bars");
            return root.EnumerateArray().Select(e => e.GetRawText());
        }
    }
}
