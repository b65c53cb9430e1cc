using System.Text.Json;
using System.Text.RegularExpressions;

namespace DataIngestion.Connect;

/// <summary>One value out of JSON, by a path of names and indexes: <c>$.data.items[0].id</c>.</summary>
internal static partial class JsonPick
{
    /// <summary>Whether a text is such a path.</summary>
    public static bool IsPath(string path) => Path().IsMatch(path);

    /// <summary>The text or number at the path; null where there is none, or no JSON.</summary>
    public static string? Find(string json, string path)
    {
        try
        {
            var at = JsonElement.Parse(json);
            foreach (Match step in Step().Matches(path))
            {
                if (step.Groups["name"] is { Success: true, Value: var name })
                {
                    if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                        return null;
                }
                else
                {
                    var index = int.Parse(step.Groups["index"].Value);
                    if (at.ValueKind != JsonValueKind.Array || index >= at.GetArrayLength())
                        return null;
                    at = at[index];
                }
            }

            return at.ValueKind switch
            {
                JsonValueKind.String => at.GetString(),
                JsonValueKind.Number => at.GetRawText(),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\$(\.[^.\[\]]+|\[[0-9]{1,6}\])*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Path();

    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\[(?<index>[0-9]+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Step();
}
