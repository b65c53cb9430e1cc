namespace DataIngestion.Merge.Tests;

/// <summary>A row in plain values, for models and generators.</summary>
internal sealed record SaidRow(int Key, string Source, int KnownAt, string Run, int Row, int? Value)
{
    public (int, string, int, string) LearnedOrder => (KnownAt, Run, Row, Value is { } v ? $"{v:D9}" : "");

    public MergeRow Encode()
    {
        var writer = new OrderedBytesWriter();
        writer.WriteInt64(Key);
        var key = writer.Length;
        writer.WriteString(Source);
        var source = writer.Length - key;
        writer.WriteInt64(KnownAt);
        writer.WriteString(Run);
        writer.WriteInt64(Row);
        var learned = writer.Length - key - source;
        if (Value is { } value)
            writer.WriteInt64(value);
        else
            writer.WriteNull();
        return new(writer.ToArray(), key, source, learned);
    }

    public static SaidRow Decode(MergeRow row)
    {
        var reader = new OrderedBytesReader(row.Bytes);
        reader.ReadPresence();
        var key = (int)reader.ReadInt64();
        reader.ReadPresence();
        var source = reader.ReadString();
        reader.ReadPresence();
        var knownAt = (int)reader.ReadInt64();
        reader.ReadPresence();
        var run = reader.ReadString();
        reader.ReadPresence();
        var place = (int)reader.ReadInt64();
        return new(key, source, knownAt, run, place, reader.ReadPresence() ? (int)reader.ReadInt64() : null);
    }
}
