using System.Reflection;
using System.Text.RegularExpressions;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Finds and checks the functions of an app. Faults are collected; a faulty function is left out.</summary>
internal sealed partial class FunctionDiscovery(HostedApp app, FaultList faults)
{
    public static TriggerBindingAttribute? TriggerOf(ParameterInfo parameter) => parameter.GetCustomAttribute<TriggerBindingAttribute>(inherit: true);

    public IReadOnlyList<FunctionDescriptor> Discover()
    {
        var functions = new List<FunctionDescriptor>();
        var names = new Dictionary<string, MethodInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in Methods())
        {
            var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
            var before = faults.Count;
            if (!names.TryAdd(name, method))
                faults.Add(app.Name, name, $"two functions have this name: {Full(names[name])} and {Full(method)}. Names are unique within an app.");
            if (Describe(name, method) is { } function && faults.Count == before)
                functions.Add(function);
        }

        if (functions.Count == 0 && names.Count == 0)
            faults.Add(app.Name, app.App.Assembly.GetName().Name!, "there is no [Function] method in this assembly.");
        return functions;
    }

    /// <summary>The app's own functions and those of the libraries it references, as the Functions host indexes them.</summary>
    IEnumerable<MethodInfo> Methods()
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var types = app.App.Only ?? (IEnumerable<Type>)Assemblies(app.App.Assembly).SelectMany(a => a.GetTypes());
        return types.SelectMany(type => type.GetMethods(any))
            .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false))
            .OrderBy(Full, StringComparer.Ordinal);
    }

    static List<Assembly> Assemblies(Assembly root)
    {
        var runtime = typeof(FunctionAttribute).Assembly.GetName().Name;
        var found = new List<Assembly>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(root);
        return found;

        void Visit(Assembly assembly)
        {
            var references = assembly.GetReferencedAssemblies();
            if (!seen.Add(assembly.FullName!) || !references.Any(r => r.Name == runtime))
                return;
            found.Add(assembly);
            foreach (var reference in references.Where(r => r.Name != runtime && !IsPlatform(r.Name!)))
                Visit(Assembly.Load(reference));
        }

        static bool IsPlatform(string name) =>
            name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib";
    }

    FunctionDescriptor? Describe(string name, MethodInfo method)
    {
        var fault = faults.At(app.Name, name);
        CheckMethod(name, method, fault);

        var triggers = method.GetParameters().Where(p => TriggerOf(p) is not null).ToList();
        if (triggers.Count != 1)
        {
            fault($"{Full(method)} has {triggers.Count} trigger parameters; one was expected.");
            return null;
        }

        var parameter = triggers[0];
        var site = new TriggerSite(app, name, method, parameter, faults.At(app.Name, $"{name}, parameter '{parameter.Name}'"));
        if (TriggerFactory.TryCreate(TriggerOf(parameter)!, site) is not { } trigger)
            return null;

        var binders = new List<ParameterBinder>();
        foreach (var each in method.GetParameters())
        {
            if ((each == parameter ? trigger.BindTrigger(site) : Bind(each, trigger, site)) is { } binder)
                binders.Add(binder);
        }

        return new(app, name, method, trigger, binders, OutputBinding.Describe(site with { Fault = fault }, ResultUnwrapper.ResultType(method)));
    }

    ParameterBinder? Bind(ParameterInfo parameter, TriggerBinding trigger, TriggerSite site)
    {
        var fault = faults.At(app.Name, $"{site.Function}, parameter '{parameter.Name}'");
        if (parameter.ParameterType == typeof(FunctionContext))
            return context => ValueTask.FromResult<object?>(context);
        if (parameter.ParameterType == typeof(CancellationToken))
            return context => ValueTask.FromResult<object?>(context.CancellationToken);
        if (parameter.GetCustomAttribute<InputBindingAttribute>(inherit: true) is { } input)
        {
            if (input is DurableClientAttribute && parameter.ParameterType == typeof(DurableTaskClient))
                return context => ValueTask.FromResult<object?>(context.DurableClient);
            fault($"{input.GetType().Name} on {parameter.ParameterType.Name}; [DurableClient] DurableTaskClient was expected.");
            return null;
        }

        return trigger.BindPlain(parameter, site, fault);
    }

    void CheckMethod(string name, MethodInfo method, Action<string> fault)
    {
        var type = method.DeclaringType!;
        if (!ValidName().IsMatch(name))
            fault("this is not a function name: a letter, then letters, digits, '-' and '_', at most 127, were expected.");
        if (!method.IsPublic || !type.IsVisible)
            fault($"{Full(method)} is not public; a public method of a public class was expected.");
        if (method.IsGenericMethodDefinition || type.ContainsGenericParameters)
            fault($"{Full(method)} is generic; a function has no type parameters.");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute), inherit: false))
            fault($"{Full(method)} is 'async void', whose end nobody can await; Task was expected.");
        if (method.IsStatic)
            return;
        if (type.IsAbstract)
            fault($"{Full(method)} is an instance method of an abstract class.");
        else
            CheckConstructor(type, fault);
    }

    void CheckConstructor(Type type, Action<string> fault)
    {
        var known = app.Services.GetRequiredService<IServiceProviderIsService>();
        var keyed = app.Services.GetService<IServiceProviderIsKeyedService>();
        if (known.IsService(type))
            return;
        var constructors = type.GetConstructors();
        if (constructors.Length == 0)
        {
            fault($"{type.FullName} has no public constructor.");
            return;
        }

        var missing = constructors.Select(Missing).OrderBy(m => m.Count).First();
        foreach (var parameter in missing)
            fault($"the constructor of {type.Name} takes {parameter.ParameterType.Name} '{parameter.Name}', which is not registered. Add it to the app's services.");

        List<ParameterInfo> Missing(ConstructorInfo constructor) => [.. constructor.GetParameters().Where(p => !p.HasDefaultValue && !Offered(p))];

        bool Offered(ParameterInfo parameter) => parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } key
            ? keyed?.IsKeyedService(parameter.ParameterType, key.Key) ?? true
            : known.IsService(parameter.ParameterType);
    }

    static string Full(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValidName();
}
