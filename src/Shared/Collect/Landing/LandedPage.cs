using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A page in landing.</summary>
/// <param name="Artefact">Its entry in the manifest.</param>
/// <param name="Note">What was remembered with it.</param>
internal sealed record LandedPage(LandedArtefact Artefact, PageNote Note)
{
    /// <summary>Whether there is something in it to convert.</summary>
    public bool HasNews => Note.IsData && (Artefact.Records is null || Artefact.Records > Artefact.SkipRecords.Count);
}
