namespace DataIngestion.Cli;

/// <summary>What the process answers the shell; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Everything that was asked for happened.</summary>
    public const int Ok = 0;

    /// <summary>It was tried and failed: a run failed, or its rows do not add up.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>The configuration or this machine's set-up is wrong.</summary>
    public const int Configuration = 3;

    /// <summary>The platform or its storage does not answer.</summary>
    public const int NotReachable = 4;

    /// <summary>What was named does not exist.</summary>
    public const int NotFound = 5;

    /// <summary>Input that cannot be read as data.</summary>
    public const int Unreadable = 6;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT), as shells expect.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command cannot go on. The message is one sentence for people; there is no stack trace.</summary>
internal sealed class CommandFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>See <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
