using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.TestKit;

[assembly: AssemblyFixture(typeof(Infrastructure))]

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>infra/bicep, compiled once for all tests of the run.</summary>
public sealed class Infrastructure : IAsyncLifetime
{
    /// <summary>The environments, least important first.</summary>
    public static readonly string[] Environments = ["dev", "staging", "preprod", "prod"];

    /// <summary>prod with the history of orchestrations in the stamps' storage.</summary>
    public const string InStorage = "history in storage";

    /// <summary>dev after a release from blue to green.</summary>
    public const string Released = "after a release";

    readonly Dictionary<string, Deployment> _deployments = [];
    BicepCompiler? _compiler;

    internal static string Folder { get; } = Path.Combine(Repository.Root, "infra", "bicep");

    internal BicepCompiler Compiler => _compiler!;

    /// <summary>What the compiler says of main.bicep and of every parameter file.</summary>
    internal List<string> Diagnostics { get; } = [];

    /// <summary>main.bicep as an ARM template, with all modules in it.</summary>
    internal Template Template { get; private set; } = null!;

    /// <summary>Other choices that a parameter file can make, by what they are.</summary>
    internal IReadOnlyDictionary<string, Deployment> Variants { get; private set; } = null!;

    /// <summary>prod in another resource group.</summary>
    internal Deployment Elsewhere { get; private set; } = null!;

    internal static string ParametersOf(string environment) => Path.Combine(Folder, $"main.{environment}.bicepparam");

    internal Deployment this[string environment] => _deployments[environment];

    public async ValueTask InitializeAsync()
    {
        _compiler = BicepCompiler.Start();
        var main = await Compiler.CompileAsync(Path.Combine(Folder, "main.bicep"));
        Diagnostics.AddRange(main.Diagnostics);
        if (main.Content is null)
            throw new BicepException($"main.bicep does not compile:\n{string.Join('\n', main.Diagnostics)}");
        Template = new(JsonNode.Parse(main.Content)!.AsObject());

        foreach (var environment in Environments)
        {
            Diagnostics.AddRange((await Compiler.CompileParametersAsync(ParametersOf(environment))).Diagnostics);
            _deployments[environment] = Deployment.Read(environment, await Compiler.SnapshotAsync(ParametersOf(environment)));
        }

        Elsewhere = Deployment.Read("prod", await Compiler.SnapshotAsync(ParametersOf("prod"), "rg-elsewhere"));
        Variants = new Dictionary<string, Deployment>
        {
            [InStorage] = await DeployAsync("prod", "param durableProvider = 'storage'"),
            [Released] = await DeployAsync("dev", "param stamps = [{ name: 'blue', share: '0-0' }, { name: 'green', share: '0-100' }]\nparam activeStamp = 'green'"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_compiler is not null)
            await _compiler.DisposeAsync();
    }

    /// <summary>The parameter file of an environment with some parameters replaced.</summary>
    internal async Task<Deployment> DeployAsync(string environment, string parameters)
    {
        // Beside the real ones under the repository, because a parameter file names its template by a relative path.
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, ".local", "bicep", $"test-{Guid.NewGuid():N}"));
        try
        {
            var file = Path.Combine(folder.FullName, "changed.bicepparam");
            await File.WriteAllTextAsync(file, $"using '../../../infra/bicep/main.bicep'\nextends '../../../infra/bicep/main.{environment}.bicepparam'\n{parameters}\n");
            var compiled = await Compiler.CompileParametersAsync(file);
            return compiled.Diagnostics.FirstOrDefault(d => d.Contains(" Error ")) is { } error
                ? throw new BicepException(error)
                : Deployment.Read(environment, await Compiler.SnapshotAsync(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
