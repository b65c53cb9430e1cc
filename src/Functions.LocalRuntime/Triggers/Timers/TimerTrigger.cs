using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers.Timers;

/// <summary>A function that runs on a schedule.</summary>
internal sealed record TimerTrigger(TimerSchedule Schedule, bool UseMonitor, bool RunOnStartup, string Connection) : TriggerBinding("timerTrigger", Schedule.Text)
{
    public static TimerTrigger? Create(TimerTriggerAttribute attribute, TriggerSite site)
    {
        var text = site.Resolve(attribute.Schedule);
        if (text.Contains('%', StringComparison.Ordinal) || TimerSchedule.TryParse(text, site.Fault) is not { } schedule)
            return null;
        return new(schedule, attribute.UseMonitor, attribute.RunOnStartup, site.App.Settings.StorageConnection(null, site.Fault) ?? "");
    }

    public override ParameterBinder? BindTrigger(TriggerSite site) => site.Parameter.ParameterType == typeof(TimerInfo)
        ? context => ValueTask.FromResult<object?>(context.Payload)
        : site.WrongType("TimerInfo");
}
