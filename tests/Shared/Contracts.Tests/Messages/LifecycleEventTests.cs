using System.Text.Json;

namespace DataIngestion.Contracts.Tests.Messages;

public sealed class LifecycleEventTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    static LifecycleEvent Create(string type = LifecycleEventTypes.MergeCompleted, string run = "run", string cause = "run/merge/1", int rows = 1, double seconds = 0) =>
        LifecycleEvent.Create(type, Services.DataMerger, run, cause, Noon.AddSeconds(seconds), new { rows });

    [Fact]
    public void An_id_depends_on_what_happened_and_not_on_when_or_how_it_was_told()
    {
        Assert.Equal("048d95711edcfd158b53ef9cb4efd1a6", Create().Id); // others have stored it
        Assert.Equal(Create().Id, Create(rows: 2, seconds: 5).Id);
        Assert.NotEqual(Create().Id, Create(type: LifecycleEventTypes.RunCompleted).Id);
        Assert.NotEqual(Create().Id, Create(run: "run2").Id);
        Assert.NotEqual(Create().Id, Create(cause: "run/merge/2").Id);
        Assert.Matches("^[0-9a-f]{32}$", Create().Id);
    }

    [Fact]
    public void It_is_a_CloudEvent()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Create(), ContractJson.Options));
        var names = json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());

        Assert.Equal(["data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type"], names.Keys.Order());
        Assert.Equal(("1.0", "/data-merger", "merge_completed", "run", "application/json", """{"rows":1}"""), (names["specversion"], names["source"], names["type"], names["subject"], names["datacontenttype"], names["data"]));
    }
}
