using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A page in landing, with what is needed to turn it.</summary>
/// <param name="Artefact">Its entry in the manifest.</param>
/// <param name="Note">What was remembered with it.</param>
/// <param name="NextToken">The next page's token in the body.</param>
internal sealed record LandedPage(LandedArtefact Artefact, PageNote Note, string? NextToken)
{
    /// <summary>The next page's address from the <c>Link</c> header, with references for secrets.</summary>
    public string? NextLink => Note.Next;

    /// <summary>Whether there is something in it to convert.</summary>
    public bool HasNews => Artefact.Records is null || Artefact.Records > Artefact.SkipRecords.Count;
}
