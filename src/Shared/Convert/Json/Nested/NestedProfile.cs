using System.Buffers;
using System.Text.Json;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Nested;

/// <summary>
/// What every value at one place inside nested JSON looked like: lists, objects or scalars. Profiles of parts of an input merge to that of the
/// whole. Not thread-safe.
/// </summary>
/// <param name="depth">Lists and objects around the place.</param>
internal sealed class NestedProfile(NullSpellings nulls, int depth = 0)
{
    /// <summary>Keys of one object beyond which it is taken for a map whose keys are data.</summary>
    const int MostFields = 1_000;

    readonly List<string> _names = [];
    readonly Dictionary<string, NestedProfile> _fields = new(StringComparer.Ordinal);
    readonly ArrayBufferWriter<byte> _decoded = new();
    ColumnProfile? _scalars;
    NestedProfile? _elements;
    long _lists;
    long _objects;
    bool _hasTooManyFields;
    bool _isTooDeep;

    /// <summary>Looks at one value.</summary>
    /// <param name="text">Valid JSON.</param>
    /// <param name="row">The record's number in the part that is profiled, from 1.</param>
    public void Add(ReadOnlySpan<byte> text, long row)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        Add(ref reader, row);
    }

    void Add(ref Utf8JsonReader reader, long row)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.StartObject when depth >= DataType.MaxDepth:
                _isTooDeep = true;
                reader.Skip();
                break;
            case JsonTokenType.StartArray:
                _lists++;
                _elements ??= new(nulls, depth + 1);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    _elements.Add(ref reader, row);
                break;
            case JsonTokenType.StartObject:
                _objects++;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    AddField(ref reader, row);
                break;
            default:
                (_scalars ??= new(nulls)).Add(JsonEscapes.Decode(ref reader, _decoded), JsonRow.KindOf(reader.TokenType), row);
                break;
        }
    }

    void AddField(ref Utf8JsonReader reader, long row)
    {
        var name = System.Text.Encoding.UTF8.GetString(JsonEscapes.Decode(ref reader, _decoded));
        reader.Read();
        if (Field(name) is { } field)
            field.Add(ref reader, row);
        else
            reader.Skip();
    }

    NestedProfile? Field(string name)
    {
        if (_hasTooManyFields)
            return null;
        if (_fields.TryGetValue(name, out var known))
            return known;
        if (_names.Count < MostFields)
        {
            _names.Add(name);
            return _fields[name] = new(nulls, depth + 1);
        }

        _hasTooManyFields = true;
        _names.Clear();
        _fields.Clear();
        return null;
    }

    /// <summary>Adds what was seen in the part of the input that follows.</summary>
    /// <param name="rowsBefore">Records before that part.</param>
    public void Merge(NestedProfile later, long rowsBefore)
    {
        (_lists, _objects, _isTooDeep) = (_lists + later._lists, _objects + later._objects, _isTooDeep || later._isTooDeep);
        if (later._scalars is not null)
            (_scalars ??= new(nulls)).Merge(later._scalars, rowsBefore);
        if (later._elements is not null)
            (_elements ??= new(nulls, depth + 1)).Merge(later._elements, rowsBefore);
        foreach (var name in later._names)
            Field(name)?.Merge(later._fields[name], rowsBefore);
        if (!later._hasTooManyFields || _hasTooManyFields)
            return;
        _hasTooManyFields = true;
        _names.Clear();
        _fields.Clear();
    }

    /// <summary>The narrowest type that holds every value; text where there is none.</summary>
    /// <param name="path">How the place is called.</param>
    /// <param name="reasons">Takes a sentence for each place that becomes JSON text.</param>
    public DataType Infer(string path, List<string> reasons)
    {
        var hasScalars = _scalars is { Values: > 0 };
        if ((_lists > 0 ? 1 : 0) + (_objects > 0 ? 1 : 0) + (hasScalars ? 1 : 0) > 1)
            return Text($"{path} holds {Kinds(hasScalars)}");
        if (_isTooDeep)
            return Text($"{path} is nested deeper than {DataType.MaxDepth}");
        if (_lists > 0)
            return DataType.List(_elements!.Infer(path + "[]", reasons));
        return _objects > 0 ? InferFields(path, reasons) : Scalar(path, reasons);

        DataType Text(string reason)
        {
            reasons.Add($"{reason}, so it stays JSON text");
            return DataType.String;
        }
    }

    string Kinds(bool hasScalars) =>
        string.Join(" and ", new[] { (_lists, "lists"), (_objects, "objects"), (hasScalars ? 1 : 0, "plain values") }.Where(k => k.Item1 > 0).Select(k => k.Item2));

    DataType InferFields(string path, List<string> reasons)
    {
        var why = _hasTooManyFields ? $"{path} has more than {MostFields} keys"
            : _names.Count == 0 ? $"{path} has no key"
            : _fields.ContainsKey("") ? $"{path} has an empty key"
            : null;
        if (why is not null)
        {
            reasons.Add($"{why}, so it stays JSON text");
            return DataType.String;
        }

        return DataType.Struct(_names.Select(n => new DataColumn(n, _fields[n].Infer($"{path}.{n}", reasons))).ToArray());
    }

    /// <summary>Values inside nested ones have no spelling of their own: what is not written in the usual way stays text.</summary>
    DataType Scalar(string path, List<string> reasons)
    {
        if (_scalars is null)
            return DataType.String;
        var found = _scalars.Infer();
        if (found.Format.IsDefault)
            return found.Type;
        reasons.Add($"{path}: {found.Evidence}, and stays text");
        return DataType.String;
    }
}
