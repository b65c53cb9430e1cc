using System.Diagnostics;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;
using DataIngestion.Infra.Tests.Workflows;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests;

public sealed class AzdTests(Infrastructure infrastructure)
{
    static readonly YamlFile Project = YamlFile.Read("azure.yaml");

    [Fact]
    public void Its_services_are_the_apps()
    {
        var services = Project.Map("services");
        Assert.Equal(Code.Services.Order(), services.Keys.Order());
        foreach (var (name, service) in services)
        {
            Assert.Equal("function", service.Text("host"));
            Assert.Equal("dotnet", service.Text("language"));
            Assert.Single(Directory.GetFiles(Path.Combine(Repository.Root, service.Text("project")!), "*.csproj"));
            var output = service.Text("resourceName")!.Trim('$', '{', '}');
            Assert.True(infrastructure.Template.Outputs.ContainsKey(output), $"azure.yaml: '{name}' is found by the output {output}, which main.bicep does not have.");
        }
    }

    [Fact]
    public void Its_infrastructure_is_ours() =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, Project.Text("infra.path")!, Project.Text("infra.module") + ".bicep")));

    [Theory]
    [InlineData("prod", null, "prod")]
    [InlineData("ingestion-preprod", null, "preprod")]
    [InlineData("somebody", null, "dev")]
    [InlineData("somebody", "staging", "staging")]
    public async Task The_environment_s_name_chooses_the_parameters(string azd, string? wanted, string expected)
    {
        using var folder = new TemporaryFolder("azd");
        Directory.CreateDirectory(folder.File("eng"));
        File.Copy(Path.Combine(Repository.Root, "eng", "azd-parameters"), folder.File("eng/azd-parameters"));
        Copy(Infrastructure.Folder, folder.File("infra/bicep"));

        var run = await RunAsync(folder.File("eng/azd-parameters"), azd, wanted);
        Assert.Equal(0, run);

        var parameters = folder.File("infra/bicep/main.bicepparam");
        Assert.Contains($"extends './main.{expected}.bicepparam'", await File.ReadAllTextAsync(parameters, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(parameters, (await File.ReadAllTextAsync(parameters, TestContext.Current.CancellationToken)).Replace("readEnvironmentVariable('AZURE_LOCATION')", "'westeurope'"), TestContext.Current.CancellationToken);
        var compiled = await infrastructure.Compiler.CompileParametersAsync(parameters);
        Assert.Empty(compiled.Diagnostics);
        Assert.Contains($"\"value\": \"{expected}\"", compiled.Content);
    }

    [Fact]
    public async Task A_wrong_environment_is_refused()
    {
        using var folder = new TemporaryFolder("azd");
        Directory.CreateDirectory(folder.File("eng"));
        File.Copy(Path.Combine(Repository.Root, "eng", "azd-parameters"), folder.File("eng/azd-parameters"));
        Assert.Equal(2, await RunAsync(folder.File("eng/azd-parameters"), "x", "production"));
    }

    static async Task<int> RunAsync(string script, string azd, string? wanted)
    {
        var start = new ProcessStartInfo("sh", [script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AZURE_ENV_NAME"] = azd;
        start.Environment["INGEST_ENVIRONMENT"] = wanted ?? "";
        // No azd, so that nothing of the machine's is changed.
        start.Environment["PATH"] = "/usr/bin:/bin";
        using var process = Process.Start(start)!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
