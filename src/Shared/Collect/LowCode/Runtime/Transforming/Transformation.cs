namespace DataIngestion.Collect;

/// <summary>Changes a record.</summary>
internal abstract class Transformation
{
    /// <summary>Changes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="context">What templates see besides it.</param>
    public abstract void Apply(LowCodeMap record, TemplateContext context);

    /// <summary>The transformation of a component.</summary>
    public static Transformation Of(Part part) => part.Type switch
    {
        "AddFields" => new AddFields(part),
        "RemoveFields" => new RemoveFields(part),
        "KeysToLower" => new RenameKeys(part, (name, _) => name.ToLowerInvariant(), isNested: false),
        "KeysToSnakeCase" => new RenameKeys(part, (name, _) => SnakeCase.Of(name), isNested: true),
        "KeysReplace" => KeysReplace(part),
        "FlattenFields" => new FlattenFields(part.Flag("flatten_lists", otherwise: true)),
        "DpathFlattenFields" => new DpathFlattenFields(part),
        _ => throw part.Unknown("transformation"),
    };

    /// <summary>Puts a record in the place of another.</summary>
    protected static void Replace(LowCodeMap record, IEnumerable<KeyValuePair<string, object?>> with)
    {
        var entries = with.ToList();
        record.Clear();
        foreach (var (name, value) in entries)
            record[name] = value;
    }

    static RenameKeys KeysReplace(Part part)
    {
        var (old, by) = (part.NeededExpression("old"), part.NeededExpression("new"));
        return new(part, (name, context) => old.Text(context) is { Length: > 0 } text ? name.Replace(text, by.Text(context), StringComparison.Ordinal) : name, isNested: true);
    }

    sealed class RenameKeys(Part part, Func<string, TemplateContext, string> rename, bool isNested) : Transformation
    {
        readonly string _type = part.Type;

        public override void Apply(LowCodeMap record, TemplateContext context)
        {
            var inner = _type == "KeysReplace" ? context.With(("record", record)) : context;
            Replace(record, Renamed(record, inner));
        }

        LowCodeMap Renamed(LowCodeMap map, TemplateContext context)
        {
            var renamed = new LowCodeMap();
            foreach (var (name, value) in map)
                renamed[rename(name, context)] = isNested && value is LowCodeMap inner ? Renamed(inner, context) : value;
            return renamed;
        }
    }
}
