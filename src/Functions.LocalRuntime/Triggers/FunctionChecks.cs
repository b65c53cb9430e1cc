using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Triggers.Durable;
using DataIngestion.LocalRuntime.Triggers.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Checks that need all functions of all apps: they share one web server and one task hub.</summary>
internal static class FunctionChecks
{
    public static void AcrossApps(IReadOnlyList<FunctionDescriptor> functions, FaultList faults)
    {
        var routes = functions.Where(f => f.Trigger is HttpTrigger).SelectMany(Routes);
        foreach (var clash in routes.GroupBy(r => r.Route, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            Report(clash.Select(r => r.Function), $"the route {clash.Key}");
        foreach (var clash in Durable<OrchestrationTrigger>(t => t.Name))
            Report(clash, $"the orchestrator '{clash.Key}'");
        foreach (var clash in Durable<ActivityTrigger>(t => t.Name))
            Report(clash, $"the activity '{clash.Key}'");

        foreach (var app in functions.Where(f => f.Trigger is HttpTrigger).Select(f => f.App).Distinct())
        {
            if (app.Services.GetService<IActionResultExecutor<ObjectResult>>() is null)
                faults.Add(app.Name, "Program.cs", "the app has HTTP functions but does not call ConfigureFunctionsWebApplication().");
        }

        IEnumerable<IGrouping<string, FunctionDescriptor>> Durable<T>(Func<T, string> name)
            where T : TriggerBinding => functions.Where(f => f.Trigger is T).GroupBy(f => name((T)f.Trigger), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1);

        void Report(IEnumerable<FunctionDescriptor> clashing, string what)
        {
            var all = clashing.ToList();
            faults.Add(all[^1].App.Name, all[^1].Name, $"{what} is also that of {string.Join(", ", all.SkipLast(1).Select(f => f.Id))}; all apps of a host share it.");
        }
    }

    /// <summary>A function's routes with their methods; parameters of the same shape are the same to a request.</summary>
    static IEnumerable<(string Route, FunctionDescriptor Function)> Routes(FunctionDescriptor function)
    {
        var trigger = (HttpTrigger)function.Trigger;
        var path = string.Join('/', trigger.Route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Shape))));
        return (trigger.Methods.Count == 0 ? ["*"] : trigger.Methods).Select(method => ($"{method} /{path}", function));
    }

    static string Shape(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "*" : "")}{string.Concat(parameter.ParameterPolicies.Select(p => ":" + p.Content))}}}",
        _ => "",
    };
}
