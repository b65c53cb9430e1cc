namespace DataIngestion.Cli.Proposing;

/// <summary>One thing that a definition says, with how sure we are and why.</summary>
/// <param name="Value">As the definition writes it.</param>
/// <param name="Confidence">0 to 1: how often such evidence has been right.</param>
/// <param name="Reason">What it was concluded from, as the end of a sentence.</param>
internal sealed record Finding(string Value, double Confidence, string Reason);
