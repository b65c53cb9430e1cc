namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>Collects the faults of a start, so that all of them are reported at once.</summary>
internal sealed class FaultList
{
    readonly List<StartFault> _faults = [];

    public int Count => _faults.Count;

    public void Add(string app, string where, string message) => _faults.Add(new(app, where, message));

    /// <summary>The same list, for one app and one place in it.</summary>
    public Action<string> At(string app, string where) => message => Add(app, where, message);

    /// <exception cref="LocalHostStartException">There is at least one fault.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
            throw new LocalHostStartException([.. _faults]);
    }
}
