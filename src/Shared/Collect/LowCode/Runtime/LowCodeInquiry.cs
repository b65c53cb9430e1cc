using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A dataset that is a stream of a low-code manifest.</summary>
internal sealed class LowCodeInquiry : IInquiry
{
    readonly ManifestDocument _manifest;
    readonly string _stream;
    readonly LowCodeRun _run;
    readonly StreamStates _states;

    /// <param name="manifest">The manifest.</param>
    /// <param name="source">The source.</param>
    /// <param name="dataset">The dataset, which names the stream.</param>
    /// <param name="plan">What the run set out from.</param>
    /// <param name="states">Where its partitions got.</param>
    /// <param name="time">The clock that waits are reckoned by.</param>
    /// <exception cref="StepFailedException">The configuration is not what the manifest needs.</exception>
    public LowCodeInquiry(ManifestDocument manifest, SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, SliceStates states, TimeProvider time)
    {
        if (manifest.Faults is [var fault, ..])
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = $"{fault.File}:{fault.Line}: {fault.Message}" });
        (_manifest, _stream) = (manifest, dataset.Stream ?? dataset.Dataset);
        _run = new(source, ConfigValues.Of(source, manifest), plan.StartedAt, plan.Window, time);
        _states = new(plan.FromCursor, states);
    }

    public bool IsSliced => false;

    public async IAsyncEnumerable<Slice> SlicesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield return new() { Ledger = new(null, null, [], null) };
    }

    public IDialogue Begin(Slice slice) => new LowCodeDialogue(Steps);

    public void Settle(LandedSlice slice)
    {
    }

    public CursorMove Conclude() => _run.Window is null ? _states.Conclude() : new(null, []);

    IEnumerable<Step> Steps(Action<LowCodeMap> write)
    {
        Part? part = null;
        foreach (var step in new StreamFinder(_manifest, _run).Find(_stream, found => part = found))
            yield return step;
        var stream = new LowCodeStream(part!, _run, _states, parent: null, new(_run, _states));
        foreach (var step in stream.Read((record, _) => write(record), isData: true))
            yield return step;
    }
}
