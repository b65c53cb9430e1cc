using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace DataIngestion.Connect;

/// <summary>Documents as newline-delimited JSON.</summary>
internal sealed class MongoDbLines(Stream destination, MongoDbJson form)
{
    const int FlushAt = 256 << 10;

    static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + (64 << 10));
    long _flushed;

    public long Records { get; private set; }

    public long Bytes => _flushed + _buffer.WrittenCount;

    /// <summary>Adds a document.</summary>
    public async ValueTask AddAsync(BsonDocument document, CancellationToken cancellationToken)
    {
        Add(document);
        if (_buffer.WrittenCount >= FlushAt)
            await FlushAsync(cancellationToken);
    }

    /// <summary>Writes out what was added; must be called at the end.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _flushed += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    void Add(BsonDocument document)
    {
        if (form == MongoDbJson.Canonical)
        {
            _buffer.Write(Encoding.UTF8.GetBytes(document.ToJson(Canonical)));
        }
        else
        {
            using var json = new Utf8JsonWriter(_buffer, new() { SkipValidation = true, MaxDepth = 1000 });
            Write(json, document);
        }

        _buffer.Write("\n"u8);
        Records++;
    }

    static void Write(Utf8JsonWriter json, BsonDocument document)
    {
        json.WriteStartObject();
        foreach (var element in document)
        {
            json.WritePropertyName(element.Name);
            Write(json, element.Value);
        }

        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, BsonValue value)
    {
        switch (value)
        {
            case BsonDocument document:
                Write(json, document);
                break;
            case BsonArray items:
                json.WriteStartArray();
                foreach (var item in items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case BsonString text:
                json.WriteStringValue(text.Value);
                break;
            case BsonInt32 number:
                json.WriteNumberValue(number.Value);
                break;
            case BsonInt64 number:
                json.WriteNumberValue(number.Value);
                break;
            case BsonDouble number when double.IsFinite(number.Value):
                json.WriteNumberValue(number.Value);
                break;
            case BsonDecimal128 number when !Decimal128.IsInfinity(number.Value) && !Decimal128.IsNaN(number.Value):
                json.WriteRawValue(number.Value.ToString(), skipInputValidation: true);
                break;
            case BsonBoolean flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case BsonNull or BsonUndefined:
                json.WriteNullValue();
                break;
            case BsonDateTime time when time.IsValidDateTime:
                json.WriteStringValue(time.ToUniversalTime());
                break;
            case BsonDateTime time:
                json.WriteNumberValue(time.MillisecondsSinceEpoch); // before the year 1 or after 9999
                break;
            case BsonTimestamp time:
                json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{time.Timestamp}.{time.Increment}"));
                break;
            case BsonBinaryData { SubType: BsonBinarySubType.UuidStandard, Bytes.Length: 16 } uuid:
                json.WriteStringValue(uuid.ToGuid());
                break;
            case BsonBinaryData binary:
                json.WriteBase64StringValue(binary.Bytes);
                break;
            default:
                json.WriteStringValue(value.ToString()); // object ids in hexadecimal, NaN and infinities, expressions, code
                break;
        }
    }
}
