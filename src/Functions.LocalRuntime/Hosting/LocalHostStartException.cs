namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>One reason why the host did not start.</summary>
/// <param name="App">The app it was found in.</param>
/// <param name="Where">Function and parameter, or the file, that is at fault.</param>
/// <param name="Message">What was found, what was expected and what to do.</param>
public sealed record StartFault(string App, string Where, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{App}: {Where}: {Message}";
}

/// <summary>The host did not start. <see cref="Faults"/> has every reason that could be found in one go.</summary>
public sealed class LocalHostStartException(IReadOnlyList<StartFault> faults) : Exception(Describe(faults))
{
    /// <summary>Every fault, in the order of apps and functions.</summary>
    public IReadOnlyList<StartFault> Faults { get; } = faults;

    static string Describe(IReadOnlyList<StartFault> faults) =>
        $"The host did not start; {(faults.Count == 1 ? "one fault" : $"{faults.Count} faults")}:{Environment.NewLine}" +
        string.Join(Environment.NewLine, faults.Select(f => "  " + f));
}
