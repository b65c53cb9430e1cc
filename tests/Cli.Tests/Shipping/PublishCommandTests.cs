using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class PublishCommandTests
{
    // Stands in for 'dotnet publish': the folder behind -o gets an app.
    const string Publishes = """
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$2/configs/sources" "$2/.azurefunctions"
        echo code > "$2/DataIngestion.Connect.dll"
        echo library > "$2/Npgsql.dll"
        echo extension > "$2/.azurefunctions/Host.dll"
        echo source > "$2/configs/sources/a.yaml"
        for app in Agents Orchestrators; do
        echo '{"targets":{"t":{"Npgsql/10.0.3":{"runtime":{"lib/net10.0/Npgsql.dll":{}}},"DataIngestion.Connect/0.1.0":{"runtime":{"DataIngestion.Connect.dll":{}}}}},"libraries":{"Npgsql/10.0.3":{"type":"package"},"DataIngestion.Connect/0.1.0":{"type":"project"}}}' > "$2/DataIngestion.Functions.$app.deps.json"
        done
        """;

    [Fact]
    public async Task Both_packages_are_made_with_lists_of_what_is_in_them()
    {
        using var tools = new FakeTools().Install("dotnet").Answer("dotnet publish", script: Publishes);
        using var cli = new CommandRun { Settings = { ["PATH"] = tools.Path } };

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("azure", "publish", "--source", "https://packages.example.com/index.json"));

        Assert.All(tools.CallsOf("dotnet"), call =>
        {
            Assert.Contains("-r linux-x64 --artifacts-path", call, StringComparison.Ordinal);
            Assert.Contains("-p:FunctionsHost=Azure", call, StringComparison.Ordinal);
            Assert.Contains("-p:RestoreAdditionalProjectSources=https://packages.example.com/index.json", call, StringComparison.Ordinal);
        });
        var folder = new ShippingFolder(cli.Environment);
        foreach (var app in FunctionApp.All)
        {
            var manifest = await PackageManifest.ReadAsync(folder, app, TestContext.Current.CancellationToken);
            Assert.Equal(FunctionsHost.Azure, manifest.Host);
            Assert.Equal("Npgsql 10.0.3", manifest.Files.Single(f => f.Path == "Npgsql.dll").From);
            Assert.Equal("the platform", manifest.Files.Single(f => f.Path == "DataIngestion.Connect.dll").From);
            Assert.Equal("extensions of the Functions host", manifest.Files.Single(f => f.Path == ".azurefunctions/Host.dll").From);
            Assert.Equal("configuration", manifest.Files.Single(f => f.Path == "configs/sources/a.yaml").From);
        }
    }

    [Fact]
    public async Task A_package_that_cannot_be_restored_is_named_with_what_to_do()
    {
        using var tools = new FakeTools().Install("dotnet").Answer(
            "dotnet publish", "/x/Functions.Agents.csproj : error NU1101: Unable to find package Microsoft.Azure.Functions.Worker. No packages exist with this id in source(s): closed [/x/DataIngestion.sln]", code: 1);
        using var cli = new CommandRun { Settings = { ["PATH"] = tools.Path } };

        Assert.Equal(ExitCodes.Configuration, await cli.RunAsync("azure", "publish"));

        Assert.Contains("Unable to find package Microsoft.Azure.Functions.Worker. No packages exist with this id in source(s): closed (NU1101)", cli.Fault, StringComparison.Ordinal);
        Assert.Contains("--source", cli.Fault, StringComparison.Ordinal);
        Assert.Contains("--rehearsal", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_the_compiler_are_shown_as_they_are()
    {
        using var tools = new FakeTools().Install("dotnet").Answer("dotnet build", "Program.cs(1,1): error CS1002: ; expected", code: 1);
        using var cli = new CommandRun { Settings = { ["PATH"] = tools.Path } };
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("azure", "build"));
        Assert.Contains("error CS1002", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_packages_that_does_not_exist_is_refused_before_anything_is_built()
    {
        using var tools = new FakeTools().Install("dotnet");
        using var cli = new CommandRun { Settings = { ["PATH"] = tools.Path } };
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("azure", "publish", "--source", "nowhere"));
        Assert.Empty(tools.CallsOf("dotnet"));
    }
}
