using DataIngestion.Contracts;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace DataIngestion.Connect;

/// <summary>
/// The order of documents: by the cursor's field, where there is one, then by <c>_id</c>. A position is <c>{"c": value, "i": _id}</c> in
/// canonical Extended JSON, so no type is lost.
/// </summary>
internal sealed class MongoDbKeyset(string? order)
{
    static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    // Comparisons match values of the same class only; these classes follow one another in the order of MongoDB.
    static readonly IReadOnlyList<BsonType[]> Classes =
    [
        [BsonType.MinKey], [BsonType.Null, BsonType.Undefined], [BsonType.Double, BsonType.Int32, BsonType.Int64, BsonType.Decimal128], [BsonType.Symbol, BsonType.String],
        [BsonType.Document], [BsonType.Array], [BsonType.Binary], [BsonType.ObjectId], [BsonType.Boolean], [BsonType.DateTime], [BsonType.Timestamp], [BsonType.RegularExpression], [BsonType.MaxKey],
    ];

    public BsonDocument Sort => order is null ? new("_id", 1) : new() { { order, 1 }, { "_id", 1 } };

    /// <summary>The position behind a document.</summary>
    public string PositionOf(BsonDocument document)
    {
        var position = new BsonDocument("i", document["_id"]);
        if (order is not null)
            position["c"] = ValueAt(document, order);
        return position.ToJson(Canonical);
    }

    /// <summary>A filter for what comes behind a position.</summary>
    public BsonDocument After(string position)
    {
        var parsed = BsonDocument.Parse(position);
        var behindId = After("_id", parsed["i"]);
        if (order is null)
            return behindId;
        var value = parsed.GetValue("c", BsonNull.Value);
        var same = new BsonDocument("$and", new BsonArray { new BsonDocument(order, new BsonDocument("$eq", value)), behindId });
        return new("$or", new BsonArray { After(order, value), same });
    }

    /// <summary>A filter for what a cursor's <c>start</c> begins with.</summary>
    public static BsonDocument From(CursorDefinition cursor)
    {
        BsonValue value = cursor.Type switch
        {
            CursorType.Integer => long.Parse(cursor.Start!, System.Globalization.CultureInfo.InvariantCulture),
            CursorType.Date or CursorType.Timestamp => new BsonDateTime(DateTimeOffset.Parse(cursor.Start!, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal).UtcDateTime),
            _ => cursor.Start!,
        };
        return new(cursor.Field, new BsonDocument("$gte", value));
    }

    static BsonDocument After(string name, BsonValue value)
    {
        var place = Classes.ToList().FindIndex(c => c.Contains(value.BsonType));
        var higher = new BsonArray(Classes.Skip(place + 1).SelectMany(c => c).Select(t => (int)t));
        var greater = new BsonDocument(name, new BsonDocument("$gt", value));
        return higher.Count == 0 ? greater : new("$or", new BsonArray { greater, new BsonDocument(name, new BsonDocument("$type", higher)) });
    }

    static BsonValue ValueAt(BsonDocument document, string path)
    {
        BsonValue value = document;
        foreach (var part in path.Split('.'))
            value = value is BsonDocument inner ? inner.GetValue(part, BsonNull.Value) : BsonNull.Value;
        return value;
    }
}
