namespace DataIngestion.Collect;

/// <summary>What may follow <c>|</c>: the filters of Jinja and those that Airbyte adds.</summary>
internal static class TemplateFilters
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<object?, CallValues, object?>> All = new Dictionary<string, Func<object?, CallValues, object?>>(StringComparer.Ordinal)
    {
        // Airbyte's
        ["hash"] = HashFilters.Hash,
        ["hmac"] = HashFilters.Hmac,
        ["base64encode"] = HashFilters.Base64Encode,
        ["base64decode"] = HashFilters.Base64Decode,
        ["base64binascii_decode"] = HashFilters.Base64Encode, // it says decode and encodes
        ["string"] = TextFilters.AsText,
        ["regex_search"] = PatternFilters.Search,
        ["regex_replace"] = PatternFilters.Replace,

        // about any value
        ["default"] = Default,
        ["d"] = Default,
        ["tojson"] = (value, v) => v.Budget.Text(JsonText.Write(value, v.Int(0, "indent", 0), forHtml: true)),
        ["pprint"] = (value, v) => v.Budget.Text(PythonText.Repr(value)),
        ["attr"] = (value, v) => ValueAccess.Attribute(value, v.Text(0, "name")),
        ["safe"] = (value, _) => Shown(value),

        // numbers
        ["abs"] = (value, _) => NumberFilters.Abs(value),
        ["int"] = NumberFilters.Int,
        ["float"] = NumberFilters.Float,
        ["round"] = NumberFilters.Round,
        ["filesizeformat"] = NumberFilters.FileSize,

        // text
        ["lower"] = (value, _) => Shown(value).ToLowerInvariant(),
        ["upper"] = (value, _) => Shown(value).ToUpperInvariant(),
        ["capitalize"] = (value, _) => TextMethods.Capitalize(Shown(value)),
        ["title"] = (value, _) => TextFilters.Title(Shown(value)),
        ["trim"] = (value, v) => TextMethods.Strip(Shown(value), v.Find(0, "chars") as string, 3),
        ["replace"] = TextFilters.Replace,
        ["truncate"] = TextFilters.Truncate,
        ["center"] = (value, v) => TextMethods.Center(Shown(value), v.Int(0, "width", 80), ' ', v.Budget),
        ["indent"] = TextFilters.Indent,
        ["format"] = (value, v) => v.Budget.Text(PercentFormat.Apply(Shown(value), v.Named.Count > 0 ? new LowCodeMap(v.Named) : new LowCodeTuple(v.Placed))),
        ["urlencode"] = TextFilters.UrlEncode,
        ["escape"] = (value, _) => TextFilters.Escape(Shown(value)),
        ["e"] = (value, _) => TextFilters.Escape(Shown(value)),
        ["forceescape"] = (value, _) => TextFilters.Escape(Shown(value)),
        ["striptags"] = (value, _) => TextFilters.StripTags(Shown(value)),
        ["wordcount"] = (value, _) => (long)Shown(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ["wordwrap"] = TextFilters.WordWrap,

        // lists and mappings
        ["length"] = (value, _) => Operators.Length(value),
        ["count"] = (value, _) => Operators.Length(value),
        ["first"] = (value, _) => Operators.Items(value) is [var first, ..] ? first : new Undefined("the first element"),
        ["last"] = (value, _) => Operators.Items(value) is [.., var last] ? last : new Undefined("the last element"),
        ["list"] = (value, v) => v.Budget.List([.. Operators.Items(value)]),
        ["items"] = (value, _) => value is Undefined ? new List<object?>() : value is LowCodeMap map ? MapMethods.Items(map) : throw new ValueTypeException($"only a mapping has items, not {ValueNames.Of(value)}."),
        ["join"] = ListFilters.Join,
        ["reverse"] = ListFilters.Reverse,
        ["sort"] = ListFilters.Sort,
        ["dictsort"] = ListFilters.SortEntries,
        ["unique"] = ListFilters.Unique,
        ["sum"] = ListFilters.Sum,
        ["min"] = (value, v) => ListFilters.Extreme(value, v, -1),
        ["max"] = (value, v) => ListFilters.Extreme(value, v, 1),
        ["random"] = (value, v) => Operators.Items(value) is { Count: > 0 } items ? items[v.Scope.Context.Random.Next(items.Count)] : new Undefined("a random element"),
        ["batch"] = ListFilters.Batch,
        ["slice"] = ListFilters.Slices,
        ["groupby"] = ListFilters.GroupBy,
        ["map"] = SelectFilters.Map,
        ["select"] = (value, v) => SelectFilters.Select(value, v, keep: true, byAttribute: false),
        ["reject"] = (value, v) => SelectFilters.Select(value, v, keep: false, byAttribute: false),
        ["selectattr"] = (value, v) => SelectFilters.Select(value, v, keep: true, byAttribute: true),
        ["rejectattr"] = (value, v) => SelectFilters.Select(value, v, keep: false, byAttribute: true),
    };

    /// <summary>A value as text; nothing for one that does not exist.</summary>
    public static string Shown(object? value) => PythonText.Str(value);

    static object? Default(object? value, CallValues values)
    {
        var otherwise = values.Has(0, "default_value", out var given) ? given : "";
        return value is Undefined || (values.Truth(1, "boolean") && !Operators.Truth(value)) ? otherwise : value;
    }
}
