namespace DataIngestion.Conversion.Markup;

/// <summary>A field whose text is not what it has to be.</summary>
internal sealed record FieldFault(string Column, string Expected, string Found, int Line);

/// <summary>Takes the values of fields out of a record.</summary>
internal static class RecordValues
{
    /// <summary>The values of fields, in their order; null where the record has none.</summary>
    /// <param name="fault">The first field that is wrong; null where all are right.</param>
    public static string?[] Take(MarkupElement record, IReadOnlyList<RecordField> fields, out FieldFault? fault)
    {
        var values = new string?[fields.Count];
        fault = null;
        for (var i = 0; i < fields.Count; i++)
            values[i] = Take(record, fields[i], ref fault);
        return values;
    }

    static string? Take(MarkupElement record, RecordField field, ref FieldFault? fault)
    {
        if (field.Kind == FieldKind.Json || field.IsJoined)
            return TakeAll(record, field);
        foreach (var path in field.Alternatives)
        {
            if (Take(record, path, out var line) is not { } text)
                continue;
            var settled = FieldTexts.Settle(field.Kind, text);
            if (settled is null && !field.IsOptional)
                fault ??= new(field.Name, FieldTexts.Expected(field.Kind), text, line);
            else if (settled is not null && field.Sign is { } sign && Take(record, sign.Path, out _) is { } word && word.Trim() == sign.Negative)
                settled = FieldTexts.Negate(settled);
            return settled;
        }

        return null;
    }

    /// <summary>The text at a path, trimmed; null where it is missing or empty.</summary>
    static string? Take(MarkupElement record, ReadOnlySpan<char> path, out int line)
    {
        var at = record;
        line = record.Line;
        foreach (var range in path.Split('/'))
        {
            var name = path[range];
            if (name.StartsWith("@"))
                return at.TakeAttribute(name[1..]);
            if (at.Child(name) is not { } child)
                return null;
            at = child;
            line = at.Line;
        }

        var text = at.Text.Trim();
        if (text.Length == 0)
            return null;
        at.IsTaken = true;
        return text;
    }

    static string? TakeAll(MarkupElement record, RecordField field)
    {
        foreach (var path in field.Alternatives)
        {
            var found = new List<MarkupElement> { record };
            foreach (var name in path.Split('/'))
                found = [.. found.SelectMany(f => f.Children).Where(c => c.Name == name)];
            if (field.Kind == FieldKind.Json && found.Count > 0)
            {
                var json = MarkupJson.Of(found);
                found.ForEach(TakeWhole);
                return json;
            }

            found.RemoveAll(f => f.Text.AsSpan().Trim().IsEmpty);
            if (found.Count == 0)
                continue;
            found.ForEach(f => f.IsTaken = true);
            return string.Join('\n', found.Select(f => f.Text.Trim()));
        }

        return null;
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
