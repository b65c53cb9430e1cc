namespace DataIngestion.Collect;

/// <summary>How far a collection is; reported after each artefact.</summary>
/// <param name="Artefacts">Artefacts landed so far, those of earlier attempts included.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Records">Their records, as far as they were counted.</param>
public sealed record CollectProgress(int Artefacts, long Bytes, long Records);
