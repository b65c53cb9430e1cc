using System.Collections.Frozen;

namespace DataIngestion.Conversion.Xml;

/// <summary>
/// Where the records of well-known documents are: facts about published schemas, by the local name of the root. These are the forms of the SEC's EDGAR
/// (its technical specifications of each form).
/// </summary>
internal static class XmlSchemas
{
    /// <summary>Paths of records under a root: of those that are there each is one, or the first only. Where none is there, the document is one record.</summary>
    static readonly FrozenDictionary<string, (string[] Paths, bool AreAll)> ByRoot = new Dictionary<string, (string[] Paths, bool AreAll)>(StringComparer.Ordinal)
    {
        // 13F: holdings.
        ["informationTable"] = (["infoTable"], false),
        // N-PX: votes. One vote has several vote records.
        ["proxyVoteTable"] = (["proxyTable"], false),
        ["FilingSummary"] = (["MyReports/Report"], false),
        // Forms 3, 4 and 5: what was traded and what is held, of shares and of derivatives.
        ["ownershipDocument"] =
        (
            ["nonDerivativeTable/nonDerivativeTransaction", "nonDerivativeTable/nonDerivativeHolding", "derivativeTable/derivativeTransaction", "derivativeTable/derivativeHolding"], true
        ),
        // N-PORT: holdings. All other forms that share this root (D, C, 144, cover pages of 13F and N-PX, MA-I) are one record.
        ["edgarSubmission"] = (["formData/invstOrSecs/invstOrSec"], false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The record path of a document; null where it is none of these.</summary>
    /// <param name="root">The local name of the root.</param>
    /// <param name="isThere">Whether a path from the root, with '/', occurs.</param>
    public static string? Find(string root, Func<string, bool> isThere)
    {
        if (!ByRoot.TryGetValue(root, out var schema))
            return null;
        var found = schema.Paths.Select(p => $"/{root}/{p}").Where(isThere).ToList();
        return found.Count == 0 ? "/" + root : schema.AreAll ? string.Join('|', found) : found[0];
    }
}
