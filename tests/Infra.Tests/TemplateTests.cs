using System.Text.RegularExpressions;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests;

public sealed partial class TemplateTests(Infrastructure infrastructure)
{
    // Where an output may be used: deployment, workflows, commands, and what people do by hand.
    static readonly string[] Users = ["azure.yaml", ".github/workflows", "ingest", "eng", "src/Cli", "docs/runbooks", "infra/bicep/README.md"];

    static readonly string[] SecretWords = ["accountkey", "secret", "password", "accesskey", "token", "sas"];

    [Fact]
    public void No_template_asks_for_keys() =>
        Report.Nothing(infrastructure.Template.Texts().Where(t => ListCall().IsMatch(t.Text)).Select(t => $"{t.Place} calls {ListCall().Match(t.Text).Value}…): use an identity instead."));

    [Fact]
    public void No_output_is_a_secret() =>
        Report.Nothing(
            from template in infrastructure.Template.WithModules()
            from output in template.Outputs
            where output.Value!["type"]?.GetValue<string>().StartsWith("secure", StringComparison.OrdinalIgnoreCase) is true
                || SecretWords.Any(w => output.Key.EndsWith(w, StringComparison.OrdinalIgnoreCase))
            select $"{template.Name} has an output '{output.Key}'; outputs are kept in clear in the deployment's history.");

    [Fact]
    public void Every_parameter_and_output_is_described() =>
        Report.Nothing(
            from template in infrastructure.Template.WithModules()
            from item in template.Parameters.Concat(template.Outputs)
            where string.IsNullOrWhiteSpace(item.Value!["metadata"]?["description"]?.GetValue<string>())
            select $"{template.Name}: '{item.Key}' has no @description.");

    [Fact]
    public void Every_module_says_what_it_is() =>
        Report.Nothing(
            from template in infrastructure.Template.WithModules()
            where string.IsNullOrWhiteSpace(template.Json["metadata"]?["description"]?.GetValue<string>())
            select $"{template.Name} has no metadata description.");

    [Fact]
    public void Every_output_is_used()
    {
        var users = Users.Select(u => Path.Combine(Repository.Root, u))
            .SelectMany(u => File.Exists(u) ? [u] : Directory.Exists(u) ? Directory.EnumerateFiles(u, "*", SearchOption.AllDirectories).Where(IsSource) : [])
            .Select(File.ReadAllText)
            .ToArray();
        Report.Nothing(infrastructure.Template.Outputs.Where(o => !users.Any(u => Regex.IsMatch(u, $@"\b{o.Key}\b", RegexOptions.None, TimeSpan.FromSeconds(5))))
            .Select(o => $"Nothing uses the output '{o.Key}': remove it, or use it in {string.Join(", ", Users)}."));
    }

    [Fact]
    public void Names_that_are_unique_in_the_world_change_with_the_resource_group()
    {
        var elsewhere = infrastructure.Elsewhere.Resources.Select(r => (r.Type, r.Name)).ToHashSet();
        Report.Nothing(infrastructure["prod"].Resources
            .Where(r => Tables.ResourceKinds.Find(r.Type) is { IsGlobal: true } && elsewhere.Contains((r.Type, r.Name)))
            .Select(r => $"{r} would be called the same in another resource group; put uniqueString(resourceGroup().id) into the name."));
    }

    static bool IsSource(string file) => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !file.Contains("node_modules", StringComparison.Ordinal)
        && Path.GetExtension(file) is ".cs" or ".md" or ".yml" or ".yaml" or ".sh" or "";

    [GeneratedRegex(@"\blist[A-Z]\w*\(", RegexOptions.None, 1000)]
    private static partial Regex ListCall();
}
