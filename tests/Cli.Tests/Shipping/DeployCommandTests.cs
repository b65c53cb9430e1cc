using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class DeployCommandTests : IAsyncDisposable
{
    readonly FakeTools _tools = new FakeTools().Install("az").Answer("az account show", "{}");
    readonly CommandRun _cli = new();
    FakePlatform? _platform;

    public DeployCommandTests() => _cli.Settings["PATH"] = _tools.Path;

    [Fact]
    public async Task A_stamp_is_provisioned_gets_both_packages_and_is_waited_for()
    {
        await PackagesAsync();
        await DeployedAsync("""[{"name":"blue","share":"0-100"}]""");

        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "deploy", "--environment", "staging"));

        var calls = _tools.CallsOf("az").Where(c => !c.Contains(" show ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, calls.Count);
        Assert.Equal(
            "deployment group create --name ingest-staging --resource-group rg-ingest-staging --template-file infra/bicep/main.bicep --parameters infra/bicep/main.staging.bicepparam "
            + """--parameters stamps=[{"name":"blue","share":"0-100"},{"name":"green","share":"0-0"}] activeStamp=blue --output none""",
            calls[0]);
        Assert.StartsWith("functionapp deployment source config-zip --resource-group rg-ingest-staging --name agents-green --src ", calls[1], StringComparison.Ordinal);
        Assert.StartsWith("functionapp deployment source config-zip --resource-group rg-ingest-staging --name orchestrators-green --src ", calls[2], StringComparison.Ordinal);
        Assert.All(FunctionApp.All.SelectMany(a => a.Services), s => Assert.Contains(_platform!.Requests, r => r.Path == $"/api/{s}/health/ready"));
    }

    [Fact]
    public async Task A_service_that_does_not_become_ready_is_named_with_what_it_says()
    {
        await PackagesAsync();
        await DeployedAsync("""[{"name":"blue","share":"0-100"}]""", answering: false);
        _platform!.Answers("GET /api/data-merger/health/ready", """{"checks":[{"name":"storage","status":"fail","output":"Storage Blob Data Contributor is missing"},{"name":"host","status":"pass"}]}""", 503);
        Answering(except: "data-merger");

        Assert.Equal(ExitCodes.NotReachable, await _cli.RunAsync("azure", "deploy", "--environment", "staging", "--timeout", "0"));

        Assert.Contains("data-merger is not ready: storage Storage Blob Data Contributor is missing", _cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_prints_what_it_would_change_and_changes_nothing()
    {
        await PackagesAsync();
        _tools.Answer("az deployment group show", error: "ERROR: (DeploymentNotFound) no", code: 3);

        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "deploy", "--environment", "prod", "--resource-group", "rg-x", "--dry-run"));

        Assert.All(_tools.CallsOf("az"), call => Assert.Contains(" show ", call, StringComparison.Ordinal));
        var lines = _cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("az deployment group create --name ingest-prod --resource-group rg-x", lines[0], StringComparison.Ordinal);
        Assert.Contains("""'stamps=[{"name":"blue","share":"0-100"}]' activeStamp=blue""", lines[0], StringComparison.Ordinal);
        Assert.Contains("--name '<agents of blue>'", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_active_stamp_is_left_alone()
    {
        await PackagesAsync();
        await DeployedAsync("""[{"name":"blue","share":"0-100"}]""");
        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("azure", "deploy", "--environment", "staging", "--stamp", "blue"));
        Assert.Contains("blue is the active stamp", _cli.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(_tools.CallsOf("az"), c => c.Contains("create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rehearsal_is_never_deployed()
    {
        await PackagesAsync(FunctionsHost.Local);
        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("azure", "deploy", "--environment", "dev"));
        Assert.Contains("is a rehearsal", _cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_logged_in_is_told_so()
    {
        await PackagesAsync();
        _tools.Answer("az account show", error: "Please run 'az login'", code: 1);
        Assert.Equal(ExitCodes.Configuration, await _cli.RunAsync("azure", "deploy", "--environment", "dev"));
        Assert.Contains("az login", _cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_az_there_is_a_sentence_where_to_get_it()
    {
        await PackagesAsync();
        using var empty = new TestKit.TemporaryFolder("empty");
        _cli.Settings["PATH"] = empty.Path;
        Assert.Equal(ExitCodes.Configuration, await _cli.RunAsync("azure", "deploy", "--environment", "dev"));
        Assert.Contains("'az' is not installed", _cli.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'qa' is not an environment", "deploy", "--environment", "qa")]
    [InlineData("'red' is not a stamp", "deploy", "--environment", "dev", "--stamp", "red")]
    [InlineData("'10' is not a share", "deploy", "--environment", "dev", "--share", "10")]
    [InlineData("--environment", "deploy")]
    [InlineData("Nothing to do", "shift", "--environment", "dev", "--stamp", "blue")]
    public async Task Options_are_checked_before_anything_happens(string sentence, params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await _cli.RunAsync(["azure", .. args]));
        Assert.Contains(sentence, _cli.Fault, StringComparison.Ordinal);
        Assert.Empty(_tools.CallsOf("az"));
    }

    [Fact]
    public async Task Sources_are_shifted_to_a_stamp_that_is_ready()
    {
        await DeployedAsync("""[{"name":"blue","share":"0-100"},{"name":"green","share":"0-0"}]""");
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "shift", "--environment", "staging", "--stamp", "green", "--share", "0-10"));
        Assert.Contains(
            _tools.CallsOf("az"), c => c.Contains("""stamps=[{"name":"blue","share":"10-100"},{"name":"green","share":"0-10"}] activeStamp=blue""", StringComparison.Ordinal));
        Assert.Contains("blue starts 10-100, green starts 0-10; dropped files go to blue", _cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stamp_that_is_not_ready_gets_no_sources_unless_forced()
    {
        await DeployedAsync("""[{"name":"blue","share":"0-100"},{"name":"green","share":"0-0"}]""", answering: false);
        string[] command = ["azure", "shift", "--environment", "staging", "--stamp", "green", "--share", "0-100", "--activate"];
        Assert.Equal(ExitCodes.NotReachable, await _cli.RunAsync(command));
        Assert.DoesNotContain(_tools.CallsOf("az"), c => c.Contains("create", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync([.. command, "--force"]));
        Assert.Contains(_tools.CallsOf("az"), c => c.Contains("activeStamp=green", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_deployed_is_shown_with_shares_and_readiness()
    {
        await DeployedAsync("""[{"name":"blue","share":"90-100"},{"name":"green","share":"0-90"}]""");
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("azure", "status", "--environment", "staging", "--json"));
        Assert.Contains("\"stamp\":\"green\",\"isActive\":false,\"share\":\"0-90\",\"kind\":\"agents\",\"name\":\"agents-green\"", _cli.Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _cli.Dispose();
        _tools.Dispose();
        if (_platform is not null)
            await _platform.DisposeAsync();
    }

    async Task PackagesAsync(FunctionsHost host = FunctionsHost.Azure)
    {
        var folder = new ShippingFolder(_cli.Environment);
        foreach (var app in FunctionApp.All)
        {
            var source = _cli.Write($"app/{app.Name}/{app.Assembly}.dll", "code");
            var packed = await ZipPackage.WriteAsync(Path.GetDirectoryName(source)!, folder.Package(app), TestContext.Current.CancellationToken);
            var manifest = await PackageManifest.DescribeAsync(
                app, host, "abc", Path.GetDirectoryName(source)!, folder.Package(app), packed, TestContext.Current.CancellationToken);
            await manifest.WriteAsync(folder, app, TestContext.Current.CancellationToken);
        }
    }

    async Task DeployedAsync(string stamps, bool answering = true)
    {
        _platform = await FakePlatform.StartAsync();
        if (answering)
            Answering(except: "");
        var apps = string.Join(',', StampShare.Names.SelectMany(s => FunctionApp.All.Select(a => $$"""{"name":"{{a.Name}}-{{s}}","id":"x","kind":"{{a.Name}}","stamp":"{{s}}","hostName":"{{_platform.Url}}"}""")));
        var parameters = $$"""{"stamps":{"value":{{stamps}} },"activeStamp":{"value":"blue"} }""";
        _tools.Answer("az deployment group show", $$"""{"properties":{"parameters":{{parameters}},"outputs":{"apps":{"value":[{{apps}}]} } } }""");
    }

    void Answering(string except)
    {
        foreach (var service in FunctionApp.All.SelectMany(a => a.Services).Where(s => s != except))
            _platform!.Answers($"GET /api/{service}/health/ready", "{}");
    }
}
