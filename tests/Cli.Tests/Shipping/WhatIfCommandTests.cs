namespace DataIngestion.Cli.Tests.Shipping;

public sealed class WhatIfCommandTests : IDisposable
{
    const string Vault = """{"predictedResources":[{"id":"/g/providers/Microsoft.KeyVault/vaults/v","type":"Microsoft.KeyVault/vaults","name":"v","sku":"SKU"}]}""";

    readonly FakeTools _tools = new FakeTools().Install("dotnet").Install("az");
    readonly CommandRun _cli = new();

    public WhatIfCommandTests() => _cli.Settings["PATH"] = _tools.Path;

    [Fact]
    public async Task Azure_is_asked_when_somebody_is_logged_in()
    {
        _tools.Answer("az deployment group show", error: "(ResourceGroupNotFound)", code: 3).Answer("az deployment group what-if", "Resource changes: 12 to create.\n");
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "whatif", "--environment", "preprod"));
        Assert.Contains("Resource changes: 12 to create.", _cli.Text, StringComparison.Ordinal);
        Assert.Contains(
            "deployment group what-if --resource-group rg-ingest-preprod --template-file infra/bicep/main.bicep --parameters infra/bicep/main.preprod.bicepparam", _tools.CallsOf("az"));
    }

    [Fact]
    public async Task Otherwise_snapshots_are_compared_with_the_one_that_was_kept()
    {
        _tools.Answer("az account show", code: 1);
        Made(Vault.Replace("SKU", "standard", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "whatif", "--environment", "dev"));
        Assert.Contains("+ Microsoft.KeyVault/vaults/v", _cli.Text, StringComparison.Ordinal);

        Made(Vault.Replace("SKU", "premium", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "whatif", "--environment", "dev"));
        Assert.Contains("sku: \"standard\" => \"premium\"", _cli.Text, StringComparison.Ordinal);
        Assert.Contains("dev: 0 to create, 1 to modify, 0 to delete", _cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_snapshots_can_be_compared_with()
    {
        Made(Vault);
        _cli.Write("before/main.prod.snapshot.json", Vault);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "whatif", "--environment", "prod", "--against", "before"));
        Assert.Contains("0 to create, 0 to modify, 0 to delete", _cli.Text, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await _cli.RunAsync("azure", "whatif", "--environment", "dev", "--against", "before"));
    }

    public void Dispose()
    {
        _cli.Dispose();
        _tools.Dispose();
    }

    // Where the compiler leaves snapshots.
    void Made(string snapshot)
    {
        foreach (var name in new[] { "dev", "prod" })
            _cli.Write($".local/bicep/snapshots/main.{name}.snapshot.json", snapshot);
    }
}
