using System.Reflection;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Awaits what a function's method returned, by its declared type.</summary>
internal static class ResultUnwrapper
{
    /// <summary>The type of the result proper; null if the method returns nothing.</summary>
    public static Type? ResultType(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
            return null;
        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }

    public static Func<object?, ValueTask<object?>> For(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void))
            return _ => ValueTask.FromResult<object?>(null);
        if (type == typeof(Task))
            return async returned =>
            {
                await (Task)returned!;
                return null;
            };
        if (type == typeof(ValueTask))
            return async returned =>
            {
                await (ValueTask)returned!;
                return null;
            };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Generic(nameof(AwaitTaskAsync), type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Generic(nameof(AwaitValueTaskAsync), type);
        return ValueTask.FromResult;
    }

    static Func<object?, ValueTask<object?>> Generic(string name, Type task) =>
        typeof(ResultUnwrapper).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(task.GetGenericArguments()[0])
            .CreateDelegate<Func<object?, ValueTask<object?>>>();

    static async ValueTask<object?> AwaitTaskAsync<T>(object? returned) => await (Task<T>)returned!;

    static async ValueTask<object?> AwaitValueTaskAsync<T>(object? returned) => await (ValueTask<T>)returned!;
}
