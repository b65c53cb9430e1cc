using System.Text.Json.Nodes;
using DataIngestion.TestKit;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DataIngestion.Cli.Tests.Describing;

/// <summary>The schemas for editors: what is right passes, what is wrong is marked.</summary>
public sealed class JsonSchemaTests
{
    const string Source = """
        source: bars
        kind: api
        connection:
          baseUrl: https://api.example.com
          auth: { kind: oauth2, grant: client-credentials, tokenUrl: https://login.example.com, clientId: me, clientSecret: "${SECRET}" }
          limits: { requestsPerSecond: 0.5, attemptTimeout: 10s }
        datasets:
          - dataset: bars
            request: { path: /bars }
            pagination: { kind: cursor, parameter: page, nextPath: next }
        """;

    const string Files = """
        source: bars
        kind: file
        connection:
          system: sftp
          baseUrl: sftp://files.example.com
          hostKey: SHA256:abc
        datasets:
          - dataset: bars
            files: "*.csv"
            read: { recursive: true, settle: 1m }
        """;

    public static TheoryData<string, string> Definitions()
    {
        var files = new TheoryData<string, string>();
        Add("source", Path.Combine("configs", "sources"), SearchOption.TopDirectoryOnly);
        Add("dataset", Path.Combine("configs", "datasets"), SearchOption.TopDirectoryOnly);
        Add("workflow", "workflows", SearchOption.TopDirectoryOnly);
        Add("sample", Path.Combine("samples", "sources"), SearchOption.AllDirectories);
        return files;

        void Add(string schema, string folder, SearchOption depth)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.yaml", depth).Order(StringComparer.Ordinal))
                files.Add(schema, Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
        }
    }

    [Theory]
    [MemberData(nameof(Definitions), DisableDiscoveryEnumeration = true)]
    public void Every_definition_passes(string schema, string file) => Assert.Empty(Faults(schema, File.ReadAllText(Path.Combine(Repository.Root, file))));

    [Theory]
    [InlineData("source: bars", "sauce: bars")]
    [InlineData("kind: api", "kind: apis")]
    [InlineData("kind: api\n", "")]
    [InlineData("requestsPerSecond: 0.5", "requestsPerSecond: 1000000")]
    [InlineData("requestsPerSecond: 0.5", "requestsPerSecond: often")]
    [InlineData("attemptTimeout: 10s", "attemptTimeout: 10")]
    [InlineData("kind: oauth2", "kind: oauth3")]
    [InlineData("grant: client-credentials", "grants: client-credentials")]
    [InlineData("grant: client-credentials", "grant: by-asking")]
    [InlineData("\"${SECRET}\"", "hunter2")]
    [InlineData("kind: cursor", "kind: pages")]
    [InlineData("path: /bars", "path: /bars, method: DELETE")]
    public void What_is_wrong_is_marked(string right, string wrong)
    {
        Assert.Empty(Faults("source", Source));
        Assert.NotEmpty(Faults("source", Source.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("hostKey:", "hostkey:")]
    [InlineData("system: sftp", "system: ssh")]
    [InlineData("recursive: true", "recursion: true")]
    [InlineData("settle: 1m", "settle: soon")]
    public void Options_of_a_system_are_known(string right, string wrong)
    {
        Assert.Empty(Faults("source", Files));
        Assert.NotEmpty(Faults("source", Files.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dataset", "dataset: bars\nkeys: []\ncolumns: { a: { type: date } }")]
    [InlineData("dataset", "dataset: bars\nkeys: [a]\ncolumns: { a: { type: day } }")]
    [InlineData("workflow", "workflow: api\nfor: apis")]
    [InlineData("sample", "now: 2024-01-05T00:00:00Z\nruns: [{ exchanges: [{ request: { path: /a }, response: { state: 200 } }], expect: { rows: 1 } }]")]
    public void So_is_what_is_wrong_in_other_files(string schema, string text) => Assert.NotEmpty(Faults(schema, text));

    static IReadOnlyList<string> Faults(string schema, string yaml)
    {
        var read = JsonSchema.FromText(File.ReadAllText(Path.Combine(Repository.Root, "configs", "schema", $"{schema}.schema.json")));
        var result = read.Evaluate(ToJson(yaml), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. result.Details.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))];
    }

    static JsonNode? ToJson(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Node(stream.Documents[0].RootNode);
    }

    // As editors read YAML: the core schema of YAML 1.2.
    static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Node(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            { } text when long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var whole) => whole,
            { } text when double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
            { } text => text,
            null => null,
        },
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException($"{node.NodeType} is not expected."),
    };
}
