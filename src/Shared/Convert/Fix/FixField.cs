using System.Collections.Frozen;

namespace DataIngestion.Conversion.Fix;

/// <summary>How the text of a field is read.</summary>
internal enum FixKind : byte
{
    /// <summary>Characters, codes and lists of codes.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number with digits after the point: prices, amounts, quantities, rates.</summary>
    Number,

    /// <summary>Y or N.</summary>
    Flag,

    /// <summary>A day and a time, in UTC or with an offset: <c>20241231-15:30:00.123</c>.</summary>
    Moment,

    /// <summary>A day: <c>20241231</c>.</summary>
    Date,

    /// <summary>A time of day without an offset.</summary>
    Time,

    /// <summary>Bytes whose number stands in the field before.</summary>
    Data,

    /// <summary>The number of bytes of the field that follows.</summary>
    Length,

    /// <summary>The number of entries of a repeating group.</summary>
    Count,
}

/// <summary>A field as a data dictionary declares it.</summary>
/// <param name="Type">The dictionary's word, such as <c>PRICE</c>.</param>
/// <param name="Values">Names by code where only these values are allowed; otherwise empty.</param>
internal sealed record FixField(int Tag, string Name, string Type, FrozenDictionary<string, string> Values)
{
    /// <summary>The name as column and property.</summary>
    public byte[] Utf8Name { get; } = System.Text.Encoding.UTF8.GetBytes(Name);

    public FixKind Kind { get; } = KindOf(Type);

    /// <summary>Whether a value may be several codes with spaces between them.</summary>
    public bool IsMultiple { get; } = Type is "MULTIPLEVALUESTRING" or "MULTIPLESTRINGVALUE" or "MULTIPLECHARVALUE";

    /// <summary>The types of FIX 4.0 to 5.0 SP2, as the QuickFIX dictionaries spell them.</summary>
    static FixKind KindOf(string type) => type switch
    {
        "INT" or "SEQNUM" or "TAGNUM" or "DAYOFMONTH" => FixKind.Whole,
        "NUMINGROUP" => FixKind.Count,
        "LENGTH" => FixKind.Length,
        "FLOAT" or "PRICE" or "PRICEOFFSET" or "QTY" or "QUANTITY" or "AMT" or "PERCENTAGE" => FixKind.Number,
        "BOOLEAN" => FixKind.Flag,
        "UTCTIMESTAMP" or "TZTIMESTAMP" or "TIME" => FixKind.Moment,
        "UTCDATE" or "UTCDATEONLY" or "LOCALMKTDATE" or "DATE" => FixKind.Date,
        "UTCTIMEONLY" or "LOCALMKTTIME" => FixKind.Time,
        "DATA" or "XMLDATA" => FixKind.Data,
        _ => FixKind.Text,
    };
}

/// <summary>A field's place in a message, the header, the trailer or a repeating group.</summary>
/// <param name="Entries">The fields of an entry where it is the count of a repeating group; otherwise null.</param>
internal sealed record FixMember(int Tag, bool IsRequired, FixMembers? Entries);

/// <summary>The fields that may stand in one place, in the order of the dictionary.</summary>
internal sealed class FixMembers
{
    readonly FrozenDictionary<int, FixMember> _byTag;

    public FixMembers(IEnumerable<FixMember> members)
    {
        // A field that several components bring in is required where one of them requires it.
        var byTag = new Dictionary<int, FixMember>();
        var order = new List<int>();
        foreach (var member in members)
        {
            if (byTag.TryGetValue(member.Tag, out var known))
            {
                byTag[member.Tag] = known with { IsRequired = known.IsRequired || member.IsRequired };
                continue;
            }

            byTag.Add(member.Tag, member);
            order.Add(member.Tag);
        }

        (_byTag, First) = (byTag.ToFrozenDictionary(), order.Count == 0 ? 0 : order[0]);
        Required = [.. order.Where(tag => byTag[tag].IsRequired)];
    }

    public static FixMembers None { get; } = new([]);

    /// <summary>The first field, which begins each entry of a group; 0 where there is none.</summary>
    public int First { get; }

    /// <summary>The fields that must be there.</summary>
    public IReadOnlyList<int> Required { get; }

    public IEnumerable<FixMember> All => _byTag.Values;

    public FixMember? Find(int tag) => _byTag.GetValueOrDefault(tag);
}
