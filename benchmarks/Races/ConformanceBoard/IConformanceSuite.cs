namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>What became of one file.</summary>
internal enum Verdict
{
    /// <summary>A valid file, and every value is as the expected answer says.</summary>
    Right,

    /// <summary>An invalid file, refused with a sentence.</summary>
    Refused,

    /// <summary>Anything else: a valid file refused, an invalid one taken, a value that differs, a failure that is no sentence.</summary>
    Wrong,

    /// <summary>A valid file of something that is declared not to be read, refused with a sentence that says so.</summary>
    Declined,
}

/// <summary>One file, or twins that have to agree, and what became of it.</summary>
/// <param name="Name">The file, relative to the suite's folder.</param>
/// <param name="Reason">Why it is not right: what was expected and what was found, or the sentence of the refusal.</param>
internal sealed record ConformanceCase(string Name, Verdict Verdict, string? Reason = null)
{
    public static ConformanceCase Right(string name) => new(name, Verdict.Right);

    public static ConformanceCase Wrong(string name, string reason) => new(name, Verdict.Wrong, reason);

    /// <summary>Judges a file that is expected to be refused.</summary>
    public static async Task<ConformanceCase> RefusalAsync(string name, Func<Task> read)
    {
        try
        {
            await read();
            return Wrong(name, "is invalid, and was read");
        }
        catch (Conversion.ConversionException sentence)
        {
            return new(name, Verdict.Refused, sentence.Message);
        }
        catch (Exception unclear) when (unclear is not OperationCanceledException)
        {
            return Wrong(name, $"{unclear.GetType().Name}: {unclear.Message}");
        }
    }

    /// <summary>Judges a file that is expected to be read; <paramref name="compare"/> says what differs, or null.</summary>
    public static async Task<ConformanceCase> ReadingAsync(string name, Func<Task<string?>> compare)
    {
        try
        {
            return await compare() is { } difference ? Wrong(name, difference) : Right(name);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Wrong(name, $"{failure.GetType().Name}: {failure.Message}");
        }
    }
}

/// <summary>Files of one format with other people's answers.</summary>
internal interface IConformanceSuite
{
    /// <summary>Its line on the board.</summary>
    string Name { get; }

    /// <summary>Its folder, relative to the shared data, with '/'.</summary>
    string Folder { get; }

    /// <summary>Judges every file.</summary>
    /// <param name="folder">The full path of <see cref="Folder"/>.</param>
    IAsyncEnumerable<ConformanceCase> RunAsync(string folder, CancellationToken cancellationToken);
}
