using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Pages by number or by the records before them. A page with fewer records than asked for is the last, unless the source says that there is
/// more: many give less than they are asked for. Offsets count what came, for the same reason.
/// </summary>
internal sealed class NumberPager(PaginationDefinition pagination) : IPager
{
    readonly bool _isOffset = pagination.Kind is PaginationKind.Offset;
    long _at = pagination.Kind is PaginationKind.Offset ? 0 : pagination.FirstPage;

    public string First { get; } = pagination.Kind is PaginationKind.Offset ? "0" : Text(pagination.FirstPage);

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more)
    {
        var records = content?.Records ?? 0;
        if (more is not true && (records == 0 || records < pagination.Size))
            return null;
        if (records == 0 && _isOffset)
            return null; // the same offset again would bring the same nothing
        _at += _isOffset ? records : 1;
        return new(Text(_at));
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
