using System.Globalization;
using System.IO.Enumeration;

namespace DataIngestion.Collect;

/// <summary>
/// Where something is in nested values: names, and places in lists as numbers. <c>*</c> stands for one step, whatever it is called,
/// <c>**</c> for any number of them.
/// </summary>
internal static class DataPath
{
    const int MaxMatches = 10_000_000;

    /// <summary>Whether a path may lead to several values.</summary>
    public static bool IsPattern(IReadOnlyList<string> path) => path.Any(step => step.AsSpan().IndexOfAny('*', '?', '[') >= 0);

    /// <summary>The value at a path without patterns.</summary>
    public static bool TryFind(object? value, IReadOnlyList<string> path, out object? found)
    {
        found = value;
        foreach (var step in path)
        {
            if (!TryStep(found, step, out found))
                return false;
        }

        return true;
    }

    /// <summary>The values that a path leads to, in the order in which they lie.</summary>
    public static IEnumerable<object?> FindAll(object? value, IReadOnlyList<string> path) => FindAll(value, path, 0).Take(MaxMatches);

    /// <summary>Puts a value at a path; mappings that are missing on the way are made.</summary>
    /// <returns>Whether there was a place for it.</returns>
    public static bool Put(object? root, IReadOnlyList<string> path, object? value)
    {
        var at = root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!TryStep(at, path[i], out var next) || next is not (LowCodeMap or List<object?>))
            {
                if (at is not LowCodeMap owner)
                    return false;
                owner[path[i]] = next = new LowCodeMap();
            }

            at = next;
        }

        switch (at)
        {
            case LowCodeMap map:
                map[path[^1]] = value;
                return true;
            case List<object?> list when Place(path[^1], list.Count) is { } place:
                list[place] = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes away what a path leads to, with or without patterns.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="path">The path; its last step names what is taken away.</param>
    /// <param name="mayGo">Says whether a value may go; null lets all.</param>
    public static void Remove(object? root, IReadOnlyList<string> path, Func<object?, bool>? mayGo = null)
    {
        if (path.Count == 0)
            return;
        var owners = path.Count == 1 ? [root] : FindAll(root, [.. path.Take(path.Count - 1)]).ToList();
        foreach (var owner in owners)
        {
            switch (owner)
            {
                case LowCodeMap map:
                    foreach (var name in map.Keys.Where(name => Fits(path[^1], name)).ToList())
                    {
                        if (mayGo is null || mayGo(map[name]))
                            map.Remove(name);
                    }

                    break;
                case List<object?> list:
                    for (var i = list.Count - 1; i >= 0; i--)
                    {
                        if ((Place(path[^1], list.Count) == i || Fits(path[^1], i.ToString(CultureInfo.InvariantCulture))) && (mayGo is null || mayGo(list[i])))
                            list.RemoveAt(i);
                    }

                    break;
            }
        }
    }

    static IEnumerable<object?> FindAll(object? value, IReadOnlyList<string> path, int from)
    {
        if (from == path.Count)
        {
            yield return value;
            yield break;
        }

        var step = path[from];
        if (step == "**")
        {
            foreach (var found in FindAll(value, path, from + 1))
                yield return found;
            foreach (var found in Children(value).SelectMany(child => FindAll(child.Value, path, from)))
                yield return found;
        }
        else if (step.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            if (!TryStep(value, step, out var next))
                yield break;
            foreach (var found in FindAll(next, path, from + 1))
                yield return found;
        }
        else
        {
            foreach (var found in Children(value).Where(child => Fits(step, child.Name)).SelectMany(child => FindAll(child.Value, path, from + 1)))
                yield return found;
        }
    }

    static IEnumerable<(string Name, object? Value)> Children(object? value) => value switch
    {
        LowCodeMap map => map.Select(entry => (entry.Key, entry.Value)),
        List<object?> list => list.Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item)),
        _ => [],
    };

    static bool Fits(string pattern, string name) =>
        pattern == name || (pattern.AsSpan().IndexOfAny('*', '?') >= 0 && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    static bool TryStep(object? value, string step, out object? next)
    {
        switch (value)
        {
            case LowCodeMap map when map.TryGetValue(step, out next):
                return true;
            case List<object?> list when Place(step, list.Count) is { } place:
                next = list[place];
                return true;
            default:
                next = null;
                return false;
        }
    }

    static int? Place(string step, int count) =>
        int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place) && (place < 0 ? place + count : place) is var at && at >= 0 && at < count ? at : null;
}
