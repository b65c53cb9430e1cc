using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Markup;

/// <summary>A field whose text is not what it has to be.</summary>
internal sealed record FieldFault(string Column, string Expected, string Found, int Line);

/// <summary>Takes the values of fields out of a record.</summary>
internal static class RecordValues
{
    /// <summary>Where a field was found: at the best of its alternatives so far.</summary>
    [StructLayout(LayoutKind.Auto)]
    struct Place
    {
        public MarkupElement? Element;
        public string? Attribute;
        public List<MarkupElement>? All;
        public int Rank;
    }

    /// <summary>The values of fields, in their order; null where the record has none.</summary>
    /// <param name="fields">The same list for every record, as what is known of it is kept.</param>
    /// <param name="fault">The first field that is wrong; null where all are right.</param>
    public static string?[] Take(MarkupElement record, IReadOnlyList<RecordField> fields, out FieldFault? fault)
    {
        var places = new Place[fields.Count];
        Find(record, FieldTree.Of(fields), fields, places);
        var values = new string?[fields.Count];
        fault = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (places[i].Element is not null)
                values[i] = Take(record, fields[i], places[i], ref fault);
        }

        return values;
    }

    static void Find(MarkupElement element, FieldTree tree, IReadOnlyList<RecordField> fields, Place[] places)
    {
        foreach (var (attribute, field, rank) in tree.Attributes)
        {
            if (IsBetter(places[field], rank) && element.Attribute(attribute) is not null)
                places[field] = new() { Element = element, Attribute = attribute, Rank = rank };
        }

        foreach (var (field, rank) in tree.Fields)
        {
            var isJson = fields[field].Kind == FieldKind.Json;
            if (!isJson && element.Text.AsSpan().Trim().IsEmpty)
                continue;
            if (IsBetter(places[field], rank))
                places[field] = new() { Element = element, Rank = rank, All = isJson || fields[field].IsJoined ? [element] : null };
            else if (places[field] is { All: { } all } place && place.Rank == rank)
                all.Add(element);
        }

        foreach (var child in element.Children)
        {
            if (tree.Child(child.Name) is { } next)
                Find(child, next, fields, places);
        }
    }

    static bool IsBetter(in Place place, int rank) => place.Element is null || rank < place.Rank;

    static string? Take(MarkupElement record, RecordField field, in Place place, ref FieldFault? fault)
    {
        if (place.All is { } all)
            return TakeAll(field, all);
        var element = place.Element!;
        if (place.Attribute is not null)
            return element.TakeAttribute(place.Attribute);
        element.IsTaken = true;
        var text = element.Text.Trim();
        var settled = FieldTexts.Settle(field.Kind, text);
        if (settled is null && !field.IsOptional)
            fault ??= new(field.Name, FieldTexts.Expected(field.Kind), text, element.Line);
        else if (settled is not null && field.Sign is { } sign && At(record, sign.Path) is { } word && word.Text.AsSpan().Trim().SequenceEqual(sign.Negative))
            settled = FieldTexts.Negate(settled);
        return settled;
    }

    static MarkupElement? At(MarkupElement record, ReadOnlySpan<char> path)
    {
        MarkupElement? at = record;
        foreach (var range in path.Split('/'))
            at = at?.Child(path[range]);
        if (at is not null)
            at.IsTaken = true;
        return at;
    }

    static string TakeAll(RecordField field, List<MarkupElement> all)
    {
        if (field.Kind == FieldKind.Json)
        {
            var json = MarkupJson.Of(all);
            all.ForEach(TakeWhole);
            return json;
        }

        all.ForEach(f => f.IsTaken = true);
        return string.Join('\n', all.Select(f => f.Text.Trim()));
    }

    static void TakeWhole(MarkupElement element)
    {
        element.IsTaken = true;
        foreach (var (name, _) in element.Attributes.ToList())
            element.TakeAttribute(name);
        foreach (var child in element.Children)
            TakeWhole(child);
    }
}
