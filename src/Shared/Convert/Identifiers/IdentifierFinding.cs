namespace DataIngestion.Conversion;

/// <summary>That a column holds identifiers of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Score">
/// 0–1: the share of values that are valid, times the chance that so many different values were not valid by accident (see docs/formats/identifiers.md).
/// From 0.9 on a column is one of identifiers.
/// </param>
/// <param name="Values">Values that were looked at: all of the rows that were kept.</param>
/// <param name="Valid">Those that are valid.</param>
/// <param name="FirstInvalid">The first that is not; null where all are.</param>
public sealed record IdentifierFinding(IdentifierKind Kind, double Score, long Values, long Valid, string? FirstInvalid);
