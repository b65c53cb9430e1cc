namespace DataIngestion.Connect;

/// <summary>What a server answered (RFC 959, 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Lines">Its texts, without the code on the first and the last line.</param>
internal sealed record FtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>A command was begun, and another reply follows.</summary>
    public bool IsPreliminary => Code is >= 100 and < 200;

    /// <summary>It was done.</summary>
    public bool IsDone => Code is >= 200 and < 300;

    /// <summary>The last line.</summary>
    public string Text => Lines[^1];

    /// <inheritdoc />
    public override string ToString() => $"{Code} {FileNames.Show(Text)}";
}
