using System.Collections.Concurrent;

namespace DataIngestion.Connect;

/// <summary>How far the clocks of sources are from ours, learned from the <c>Date</c> of their refusals. For signatures, which are good for seconds or minutes.</summary>
internal sealed class SourceClocks(TimeProvider time)
{
    const int MostSources = 10_000;

    // A clock further off than this is not a clock that is wrong but an answer that lies.
    static readonly TimeSpan Furthest = TimeSpan.FromDays(1);

    readonly ConcurrentDictionary<string, TimeSpan> _offsets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The time as the source at an address has it.</summary>
    public DateTimeOffset NowAt(Uri address) => time.GetUtcNow() + _offsets.GetValueOrDefault(KeyOf(address));

    /// <summary>Takes over the time of a refusal.</summary>
    /// <param name="answer">Whose request says whom it comes from.</param>
    /// <param name="tolerance">A clock nearer than this was not the reason.</param>
    /// <returns>Whether the time was further off: the same request, signed anew, may succeed.</returns>
    public bool Learn(HttpResponseMessage answer, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Headers.Date is not { } theirs || answer.RequestMessage?.RequestUri is not { } address)
            return false;
        var offset = theirs - time.GetUtcNow();
        if ((theirs - NowAt(address)).Duration() < tolerance || offset.Duration() > Furthest)
            return false;
        if (_offsets.Count >= MostSources)
            _offsets.Clear();
        _offsets[KeyOf(address)] = offset;
        return true;
    }

    static string KeyOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
