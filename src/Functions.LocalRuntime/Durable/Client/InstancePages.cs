using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Instances in the order of their creation, page by page. A continuation token is the key of the last instance seen.</summary>
internal sealed class InstancePages(Func<EngineCore> engine, OrchestrationQuery filter) : AsyncPageable<OrchestrationMetadata>
{
    public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = default, int? pageSizeHint = default)
    {
        var size = pageSizeHint ?? filter.PageSize;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(pageSizeHint));
        var after = Parse(continuationToken ?? filter.ContinuationToken);
        return Read(after, size, CancellationToken.None);
    }

    async IAsyncEnumerable<Page<OrchestrationMetadata>> Read(long after, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var core = engine();
            var rows = await Task.Run(() => core.Readers.Read(reader => reader.Query(filter, after, size + 1)), cancellationToken);
            var more = rows.Count > size;
            if (more)
                rows.RemoveAt(size);
            var next = more ? rows[^1].Key : after;
            yield return new(rows.ConvertAll(row => Metadata.From(core, row, filter.FetchInputsAndOutputs)), more ? next.ToString(CultureInfo.InvariantCulture) : null);
            if (!more)
                yield break;
            after = next;
        }
    }

    static long Parse(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        return long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new ArgumentException($"'{token}' is not a continuation token of this list.", nameof(token));
    }
}
