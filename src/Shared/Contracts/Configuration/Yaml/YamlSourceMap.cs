using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>Remembers which lines the records of the configuration came from.</summary>
internal sealed class YamlSourceMap
{
    readonly Dictionary<object, Origin> _origins = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="file">Its file.</param>
    /// <param name="node">What it was bound from.</param>
    /// <param name="failed">Names of its properties that have a fault of their own.</param>
    public void Add(object record, string file, YamlMapping node, IReadOnlySet<string> failed) => _origins[record] = new(file, node, failed);

    /// <summary>Turns a finding into a fault with file and line, unless it is about a member that already has one.</summary>
    public void Report(ConfigurationFinding finding, ICollection<ConfigurationFault> faults)
    {
        if (!_origins.TryGetValue(finding.Subject, out var origin))
        {
            faults.Add(new("configuration", 0, finding.Message));
            return;
        }

        var steps = Steps(finding.Path).ToList();
        var about = steps.Count == 0 ? origin.Failed.Count > 0 : origin.Failed.Contains(steps[0].Name);
        if (!about)
            faults.Add(new(origin.File, LineOf(origin.Node, steps), finding.Message));
    }

    static int LineOf(YamlNode node, IEnumerable<Step> steps)
    {
        var line = node.Line;
        foreach (var step in steps)
        {
            var (next, at) = (node, step) switch
            {
                (YamlSequence list, { InBrackets: true }) when int.TryParse(step.Name, out var i) && i >= 0 && i < list.Items.Count => (list.Items[i], list.Items[i].Line),
                (YamlMapping mapping, _) when mapping.Find(step.InBrackets ? step.Name : JsonNamingPolicy.CamelCase.ConvertName(step.Name)) is { } entry => (entry.Value, entry.Line),
                _ => (null, 0),
            };
            if (next is not null) // options stand among the properties, not below a name of their own
                (node, line) = (next, at);
        }

        return line;
    }

    // Names separated by dots; indexes and keys in brackets.
    static IEnumerable<Step> Steps(string path)
    {
        for (var i = 0; i < path.Length;)
        {
            if (path[i] == '[')
            {
                var end = path.IndexOf(']', i);
                end = end < 0 ? path.Length : end;
                yield return new(path[(i + 1)..end], InBrackets: true);
                i = end + 1;
            }
            else if (path[i] == '.')
            {
                i++;
            }
            else
            {
                var end = path.AsSpan(i).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + end;
                yield return new(path[i..end], InBrackets: false);
                i = end;
            }
        }
    }

    readonly record struct Step(string Name, bool InBrackets);

    sealed record Origin(string File, YamlMapping Node, IReadOnlySet<string> Failed);
}
