using System.Text.Json;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.LowCode;

/// <summary>
/// The language against a table of facts: what each template gave when it was evaluated by the language's own interpreter (Jinja 3.1 with the functions of
/// Airbyte's CDK) on 2024-01-05T10:15:30.123456Z. Ours differs where the last column says so.
/// </summary>
public sealed class TemplateTests
{
    static readonly JsonElement Table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/Shared/Collect.Tests/LowCode/template-cases.json"))).RootElement;

    [Fact]
    public void Values_are_those_of_the_table()
    {
        var wrong = new List<string>();
        foreach (var fact in Table.GetProperty("cases").EnumerateArray())
        {
            var source = fact.GetProperty("t").GetString()!;
            Compare(wrong, source, "text", fact, t => PythonText.Repr(t.Evaluate(Context())));
            Compare(wrong, source, "entry", fact, t => PythonText.Repr(t.EvaluateEntry(Context())));
            Compare(wrong, source, "holds", fact, t => PythonText.Repr(t.Holds(Context())));
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong)}");
    }

    static void Compare(List<string> wrong, string source, string how, JsonElement fact, Func<Template, string> evaluate)
    {
        var expected = fact.TryGetProperty("ours", out var ours) && ours.TryGetProperty(how, out var different) ? different.GetString()! : fact.GetProperty(how).GetString()!;
        string got;
        try
        {
            got = evaluate(Template.Parse(source));
        }
        catch (TemplateException refused)
        {
            got = "!" + refused.Message;
        }

        if (expected.StartsWith('!') ? !got.StartsWith('!') : got != expected)
            wrong.Add($"{how}: {JsonSerializer.Serialize(source)} expected {expected} got {got}");
    }

    static TemplateContext Context()
    {
        var variables = ((LowCodeMap)JsonText.Read(Table.GetProperty("variables"))!).ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return new(variables, new FakeTimeProvider(new DateTimeOffset(2024, 1, 5, 10, 15, 30, TimeSpan.Zero).AddMicroseconds(123456)), new Random(1));
    }
}
