using DataIngestion.Cli.Printing;
using DataIngestion.Conversion;
using Spectre.Console;

namespace DataIngestion.Cli.Converting;

/// <summary>Shows how far conversions are: a bar with megabytes and rows a second.</summary>
internal static class ConversionProgressBar
{
    static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);

    /// <summary>Does the work under a bar on standard error where a person watches, otherwise just does it.</summary>
    public static async Task<T> ShowAsync<T>(CommandEnvironment environment, bool show, Func<Func<ConversionSource, IProgress<ConversionProgress>?>, Task<T>> work)
    {
        if (!show)
            return await work(_ => null);
        return await environment.CreateErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => work(source => new Bar(context.AddTask(Markup.Escape(source.Shown), maxValue: Math.Max(1, source.State().Length)), source.Shown, environment.Time)));
    }

    /// <summary>The text beside a bar.</summary>
    public static string Describe(string name, ConversionProgress progress, double seconds) =>
        $"{name}{(progress.Pass == 1 ? ", looking at types" : "")}  {progress.BytesRead / 1e6 / Math.Max(seconds, 1e-3):0} MB/s  {Tables.Count((long)(progress.Rows / Math.Max(seconds, 1e-3)))} rows/s";

    sealed class Bar(ProgressTask task, string name, TimeProvider time) : IProgress<ConversionProgress>
    {
        readonly Lock _lock = new();
        long _began = time.GetTimestamp();
        long _shown;
        int _pass = 1;

        public void Report(ConversionProgress value)
        {
            if (time.GetElapsedTime(Volatile.Read(ref _shown)) < Often)
                return;
            lock (_lock)
            {
                if (value.Pass != _pass)
                    (_pass, _began) = (value.Pass, time.GetTimestamp());
                Volatile.Write(ref _shown, time.GetTimestamp());
                task.Value = value.BytesRead;
                task.Description = Markup.Escape(Describe(name, value, time.GetElapsedTime(_began).TotalSeconds));
            }
        }
    }
}
