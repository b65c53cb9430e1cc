using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class SnapshotDiffTests
{
    static string Snapshot(params string[] resources) => $$"""{"predictedResources":[{{string.Join(',', resources)}}],"diagnostics":[]}""";

    static string Vault(string properties) =>
        $$"""{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v","type":"Microsoft.KeyVault/vaults","name":"v","properties":{{properties}}}""";

    [Fact]
    public void Nothing_differs_between_a_snapshot_and_itself() => Assert.Empty(SnapshotDiff.Of(Snapshot(Vault("{}")), Snapshot(Vault("{}"))));

    [Fact]
    public void What_is_only_in_one_of_them_is_made_or_removed()
    {
        Assert.Equal(("create", "Microsoft.KeyVault/vaults/v"), Assert.Single(SnapshotDiff.Of("{}", Snapshot(Vault("{}")))) is var made ? (made.Kind, made.Resource) : default);
        Assert.Equal("delete", Assert.Single(SnapshotDiff.Of(Snapshot(Vault("{}")), Snapshot())).Kind);
    }

    [Fact]
    public void A_changed_property_is_named_with_both_values()
    {
        var change = Assert.Single(SnapshotDiff.Of(Snapshot(Vault("""{"rules":[{"on":true},{"on":false}],"gone":1}""")), Snapshot(Vault("""{"rules":[{"on":true},{"on":true}],"come":"x"}"""))));
        Assert.Equal(
            [new("properties.rules[1].on", "false", "true"), new("properties.gone", "1", null), new("properties.come", null, "\"x\"")],
            change.Changes);
    }

    [Fact]
    public void A_resource_on_another_is_named_after_both()
    {
        const string lockId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Authorization/locks/l";
        Assert.Equal(
            "Microsoft.Authorization/locks/l on Microsoft.KeyVault/vaults/v",
            Assert.Single(SnapshotDiff.Of("{}", Snapshot($$"""{"id":"{{lockId}}","type":"Microsoft.Authorization/locks","name":"l"}"""))).Resource);
    }
}
