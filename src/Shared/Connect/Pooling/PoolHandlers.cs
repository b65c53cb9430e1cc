namespace DataIngestion.Connect;

/// <summary>What a pool does with the connections that it keeps.</summary>
/// <param name="OpenAsync">Opens one.</param>
/// <param name="ProbeAsync">Asks one whether it is still well; throws when it is not.</param>
/// <param name="IsReusable">Whether one may be given out again after clean work.</param>
internal sealed record PoolHandlers<T>(
    Func<CancellationToken, Task<T>> OpenAsync, Func<T, CancellationToken, Task> ProbeAsync, Func<T, bool> IsReusable)
    where T : class, IAsyncDisposable;

/// <summary>How a pool stands, counted since it was made.</summary>
/// <param name="Max">Connections that there may be.</param>
/// <param name="Open">Connections that there are, those that are being opened among them.</param>
/// <param name="Idle">Those that lie ready.</param>
/// <param name="Waiting">Callers in line.</param>
/// <param name="Opened">Connections opened.</param>
/// <param name="Evicted">Connections closed because they had lain or lived too long.</param>
/// <param name="Broken">Connections closed because a probe or the work on them failed.</param>
public sealed record ConnectionPoolState(int Max, int Open, int Idle, int Waiting, long Opened, long Evicted, long Broken)
{
    /// <summary>The sum of two pools of the same source.</summary>
    internal ConnectionPoolState Plus(ConnectionPoolState? other) => other is null ? this : new(
        Math.Max(Max, other.Max), Open + other.Open, Idle + other.Idle, Waiting + other.Waiting, Opened + other.Opened, Evicted + other.Evicted, Broken + other.Broken);
}
