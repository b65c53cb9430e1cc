namespace DataIngestion.Benchmarks.Stages;

/// <summary>
/// Takes the processor time of stages, the least of some rounds. All stages are run in every round, so that each meets the others' warm code and
/// a disturbance meets them all.
/// </summary>
internal sealed class StageClock(int rounds)
{
    /// <summary>Rounds that are not counted: the runtime is still compiling.</summary>
    const int WarmUp = 3;
    readonly List<(string Name, Action Run)> _stages = [];
    readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);

    /// <summary>Seconds of the stage.</summary>
    public double this[string stage] => _seconds[stage];

    public void Add<T>(string name, Func<T> run) => _stages.Add((name, () => run()));

    public void Run()
    {
        for (var round = -WarmUp; round < rounds; round++)
        {
            foreach (var (name, run) in _stages)
            {
                var before = Environment.CpuUsage.TotalTime;
                run();
                var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                if (round >= 0)
                    _seconds[name] = Math.Min(_seconds.GetValueOrDefault(name, double.MaxValue), seconds);
            }
        }
    }
}
