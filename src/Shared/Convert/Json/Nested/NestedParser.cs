using System.Buffers;
using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Nested;

/// <summary>
/// Reads JSON text into a list or struct column. A key that the type does not have, a key that stands twice, and a value that is not of its type
/// make the whole value none of the type: nothing of it is dropped.
/// </summary>
internal sealed class NestedParser : CellParser
{
    readonly NestedValue _value;
    readonly ColumnBuilder _builder;

    public NestedParser(DataType type, ColumnBuilder builder, NullSpellings nulls) => (_builder, _value) = (builder, NestedValue.Of(type, builder, nulls));

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        var before = _builder.Count;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            if (reader.Read() && reader.TokenType != JsonTokenType.Null && _value.TryAppend(ref reader, canBeNull: false) && !reader.Read())
                return true;
        }
        catch (JsonException)
        {
            // Text that is no JSON is none of the type.
        }

        _builder.Truncate(before);
        return false;
    }
}

/// <summary>Reads the values of one place inside nested JSON.</summary>
internal abstract class NestedValue
{
    public static NestedValue Of(DataType type, ColumnBuilder builder, NullSpellings nulls) => type.Kind switch
    {
        DataKind.List => new ListValue(type, (ListBuilder)builder, nulls),
        DataKind.Struct => new StructValue(type, (StructBuilder)builder, nulls),
        DataKind.String => new TextValue((BytesBuilder)builder),
        _ => new ScalarValue(builder, CellParser.For(type, builder, ColumnFormat.Default), nulls),
    };

    /// <summary>Adds the value that the reader is at, and leaves the reader at its end.</summary>
    public abstract bool TryAppend(ref Utf8JsonReader reader, bool canBeNull);

    sealed class ListValue(DataType type, ListBuilder builder, NullSpellings nulls) : NestedValue
    {
        readonly NestedValue _elements = Of(type.Element!, builder.Elements, nulls);

        public override bool TryAppend(ref Utf8JsonReader reader, bool canBeNull)
        {
            if (reader.TokenType == JsonTokenType.Null && canBeNull)
            {
                builder.AppendNull();
                return true;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
                return false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!_elements.TryAppend(ref reader, type.ElementNullable))
                    return false;
            }

            builder.EndList();
            return true;
        }
    }

    sealed class StructValue : NestedValue
    {
        readonly DataSchema _fields;
        readonly StructBuilder _builder;
        readonly NestedValue[] _values;
        readonly byte[][] _names;
        readonly ArrayBufferWriter<byte> _name = new();

        public StructValue(DataType type, StructBuilder builder, NullSpellings nulls)
        {
            (_fields, _builder) = (type.Fields!, builder);
            _values = [.. _fields.Select((f, i) => Of(f.Type, builder[i], nulls))];
            _names = [.. _fields.Select(f => Encoding.UTF8.GetBytes(f.Name))];
        }

        public override bool TryAppend(ref Utf8JsonReader reader, bool canBeNull)
        {
            if (reader.TokenType == JsonTokenType.Null && canBeNull)
            {
                _builder.AppendNull();
                return true;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
                return false;
            for (var field = -1; reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                field = Field(JsonEscapes.Decode(ref reader, _name), field + 1);
                if (field < 0 || _builder[field].Count > _builder.Count || !reader.Read() || !_values[field].TryAppend(ref reader, _fields[field].Nullable))
                    return false;
            }

            for (var i = 0; i < _fields.Count; i++)
            {
                if (!_fields[i].Nullable && _builder[i].Count == _builder.Count)
                    return false;
            }

            _builder.EndStruct();
            return true;
        }

        /// <param name="likely">The field after the one before: keys are mostly in order.</param>
        int Field(ReadOnlySpan<byte> name, int likely) =>
            likely < _names.Length && name.SequenceEqual(_names[likely]) ? likely : _fields.IndexOf(Encoding.UTF8.GetString(name));
    }

    sealed class ScalarValue(ColumnBuilder builder, CellParser parser, NullSpellings nulls) : NestedValue
    {
        readonly ArrayBufferWriter<byte> _decoded = new();

        public override bool TryAppend(ref Utf8JsonReader reader, bool canBeNull)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                return false;
            var text = JsonEscapes.Decode(ref reader, _decoded);
            if (reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && nulls.Contains(text)))
            {
                if (canBeNull)
                    builder.AppendNull();
                return canBeNull;
            }

            return parser.TryAppend(CellTrim.Trim(text));
        }
    }

    /// <summary>Text; what is nested where text is wanted stays JSON.</summary>
    sealed class TextValue(BytesBuilder builder) : NestedValue
    {
        readonly ArrayBufferWriter<byte> _text = new();
        JsonTextWriter? _writer;

        public override bool TryAppend(ref Utf8JsonReader reader, bool canBeNull)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                if (canBeNull)
                    builder.AppendNull();
                return canBeNull;
            }

            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                builder.Append(JsonEscapes.Decode(ref reader, _text));
                return true;
            }

            _text.ResetWrittenCount();
            (_writer ??= new(_text)).Reset();
            for (var depth = _writer.Token(ref reader); depth > 0 && reader.Read(); depth += _writer.Token(ref reader))
            {
            }

            builder.Append(_text.WrittenSpan);
            return true;
        }
    }
}
