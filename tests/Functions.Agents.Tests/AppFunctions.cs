using System.Reflection;
using DataIngestion.Orchestrators;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DataIngestion.Agents.Tests;

/// <summary>The functions of the two apps, found as the worker finds them: in the app and in every library of ours that it references.</summary>
internal static class AppFunctions
{
    public static readonly IReadOnlyList<MethodInfo> Agents = Of(typeof(AgentsRegistration).Assembly);

    public static readonly IReadOnlyList<MethodInfo> Orchestrators = Of(typeof(OrchestratorsRegistration).Assembly);

    public static IEnumerable<MethodInfo> All => Agents.Concat(Orchestrators);

    public static string Name(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    /// <summary>The parameters that start the function; there should be one.</summary>
    public static IEnumerable<(ParameterInfo Parameter, TriggerBindingAttribute Attribute)> Triggers(MethodInfo function) =>
        from parameter in function.GetParameters()
        let attribute = parameter.GetCustomAttribute<TriggerBindingAttribute>(inherit: true)
        where attribute is not null
        select (parameter, attribute);

    /// <summary>What the function writes: on the method itself, or on properties of what it returns.</summary>
    public static IEnumerable<OutputBindingAttribute> Outputs(MethodInfo function) =>
        function.GetCustomAttributes<OutputBindingAttribute>(inherit: true)
            .Concat(Returned(function).GetProperties().SelectMany(p => p.GetCustomAttributes<OutputBindingAttribute>(inherit: true)));

    /// <summary>What the function returns once it has been awaited.</summary>
    public static Type Returned(MethodInfo function) => function.ReturnType switch
    {
        { IsGenericType: true } task when task.GetGenericTypeDefinition() == typeof(Task<>) || task.GetGenericTypeDefinition() == typeof(ValueTask<>) => task.GetGenericArguments()[0],
        var type when type == typeof(Task) || type == typeof(ValueTask) => typeof(void),
        var type => type,
    };

    static List<MethodInfo> Of(Assembly app)
    {
        var loaded = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        Load(app, loaded);
        return [.. loaded.Values.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.IsDefined(typeof(FunctionAttribute), inherit: false))
            .OrderBy(Name, StringComparer.Ordinal)];
    }

    static void Load(Assembly assembly, Dictionary<string, Assembly> loaded)
    {
        if (!loaded.TryAdd(assembly.GetName().Name!, assembly))
            return;
        foreach (var reference in assembly.GetReferencedAssemblies().Where(r => r.Name!.StartsWith("DataIngestion", StringComparison.Ordinal)))
            Load(Assembly.Load(reference), loaded);
    }
}
