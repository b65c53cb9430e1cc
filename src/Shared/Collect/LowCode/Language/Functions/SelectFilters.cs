namespace DataIngestion.Collect;

/// <summary>Filters that apply a filter or a test to every element.</summary>
internal static class SelectFilters
{
    /// <summary><c>map(attribute='a')</c> or <c>map('filter', …)</c>.</summary>
    public static object? Map(object? value, CallValues values)
    {
        if (values.Placed.Count == 0)
        {
            var picked = ListFilters.Picker(values.Named.TryGetValue("attribute", out var attribute) ? attribute : throw new TemplateException("map needs 'attribute' or the name of a filter."), values.Find(int.MaxValue, "default"));
            return values.Budget.List([.. Operators.Items(value).Select(picked)]);
        }

        var name = values.Text(0, "name");
        var filter = TemplateFilters.All.TryGetValue(name, out var found) ? found : throw new TemplateException($"there is no filter '{name}': {Contracts.Suggestion.Phrase(name, [.. TemplateFilters.All.Keys])}");
        var rest = values.After(1).Of($"filter '{name}'");
        return values.Budget.List([.. Operators.Items(value).Select(i => filter(i, rest))]);
    }

    /// <summary>Elements for which a test holds or not; without a test, whether they count as true.</summary>
    public static object? Select(object? value, CallValues values, bool keep, bool byAttribute)
    {
        var picked = byAttribute ? ListFilters.Picker(values.Need(0, "attribute")) : i => i;
        var rest = values.After(byAttribute ? 1 : 0);
        var test = rest.Placed.Count == 0 ? (item, _) => Operators.Truth(item) : Test(rest.Text(0, "name"));
        rest = rest.After(1);
        return values.Budget.List([.. Operators.Items(value).Where(i => test(picked(i), rest) == keep)]);
    }

    static Func<object?, CallValues, bool> Test(string name) =>
        TemplateTests.All.TryGetValue(name, out var test) ? test : throw new TemplateException($"there is no test '{name}': {Contracts.Suggestion.Phrase(name, [.. TemplateTests.All.Keys])}");
}
