using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests;

public sealed class LinterTests
{
    // Rules that are not errors, each with its reason in bicepconfig.json.
    static readonly string[] Off = ["use-recent-api-versions"];

    static readonly JsonObject Rules = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Infrastructure.Folder, "bicepconfig.json")), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!["analyzers"]!["core"]!["rules"]!.AsObject();

    [Fact]
    public void Every_rule_of_the_compiler_is_an_error()
    {
        var known = BundledAssembly.Constants(BicepCompiler.Program, "Azure.Bicep.Core.dll", "Bicep.Core.Analyzers.Linter.Rules", "Code");
        Assert.True(known.Count > 40, $"The compiler seems to have {known.Count} rules only.");

        Report.Nothing(known.Except(Rules.Select(r => r.Key)).Select(r => $"bicepconfig.json does not mention the rule '{r}'; add it at error."));
        Report.Nothing(Rules.Select(r => r.Key).Except(known).Select(r => $"bicepconfig.json has a rule '{r}' that the compiler does not know."));
    }

    [Fact]
    public void Only_those_with_a_reason_are_not()
    {
        var softer = Rules.Where(r => r.Value!["level"]!.GetValue<string>() != "error").Select(r => r.Key);
        Assert.Equal(Off, softer);
    }

    [Fact]
    public void Tests_and_builds_use_the_same_compiler()
    {
        var project = XDocument.Load(Path.Combine(Infrastructure.Folder, "Bicep.proj"));
        Assert.Equal(BicepCompiler.Version, project.Descendants("BicepVersion").Single().Value);
    }

    [Fact]
    public void No_file_switches_a_rule_off_without_a_reason() =>
        Report.Nothing(Directory.EnumerateFiles(Infrastructure.Folder, "*.bicep*", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Where(l => l.Contains("#disable-", StringComparison.Ordinal)).Select(l => (File: Path.GetFileName(f), Line: l.Trim())))
            .Where(d => !d.Line.StartsWith("#disable-next-line ", StringComparison.Ordinal) || !d.Line.Contains(" // ", StringComparison.Ordinal))
            .Select(d => $"{d.File}: '{d.Line}' gives no reason; change the code, or say why on the same line, for the next line only."));
}
