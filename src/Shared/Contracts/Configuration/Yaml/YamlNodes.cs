namespace DataIngestion.Contracts;

/// <summary>A part of a YAML file that knows its line.</summary>
/// <param name="Line">From 1.</param>
internal abstract record YamlNode(int Line)
{
    /// <summary>What it is, for error messages.</summary>
    public abstract string Shape { get; }
}

/// <summary>One value. <paramref name="Plain"/>: without quotes, so that it may be a number, a truth value or nothing.</summary>
internal sealed record YamlScalar(int Line, string Text, bool Plain) : YamlNode(Line)
{
    public bool IsNull => Plain && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Shape => IsNull ? "empty" : $"'{(Text.Length <= 60 ? Text : Text[..60] + "…")}'";
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string Shape => "a list";
}

/// <summary>Named values in order, each name once.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line)
{
    public override string Shape => "a mapping";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);
}

/// <summary>One named value.</summary>
internal sealed record YamlEntry(string Key, int Line, YamlNode Value);
