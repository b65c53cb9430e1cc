using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DataIngestion.LocalRuntime.Tests.Api;

/// <summary>The types and members of an assembly that other assemblies can see, each as one line that says all a caller depends on.</summary>
internal static class PublicSurface
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Void"] = "void",
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.Boolean"] = "bool",
        ["System.Int32"] = "int",
        ["System.Int64"] = "long",
        ["System.Double"] = "double",
    };

    /// <summary>The lines of every visible type, sorted.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Type> types) => [.. types.SelectMany(Of).Order(StringComparer.Ordinal)];

    /// <summary>The line of a type and those of its members; each begins with the type's name.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        var name = Name(type);
        yield return $"{name}: {Declaration(type)}";
        if (IsDelegate(type))
            yield break;
        foreach (var line in type.GetMembers(Declared).Select(Line).OfType<string>())
            yield return $"{name}.{line}";
    }

    /// <summary>A type's name as it is written in C#, with its namespace.</summary>
    public static string Name(Type type)
    {
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        var full = (type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace + ".") + type.Name;
        if (!type.IsGenericType)
            return Keywords.GetValueOrDefault(full, full);
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return full.StartsWith("System.Nullable`", StringComparison.Ordinal) ? arguments + "?" : $"{full.Split('`')[0]}<{arguments}>";
    }

    static string Declaration(Type type)
    {
        var inherited = type.IsClass && !IsDelegate(type) && type.BaseType is { } parent && Name(parent) is not "object" ? " : " + Name(parent) : "";
        var interfaces = type.IsEnum || IsDelegate(type) ? "" : string.Join(", ", type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => i.IsVisible).Select(Name).Order(StringComparer.Ordinal));
        return $"{Kind(type)}{inherited}{(interfaces.Length > 0 ? " implements " + interfaces : "")}{Usage(type)}";
    }

    /// <summary>What a type is, without what it derives from.</summary>
    public static string Kind(Type type)
    {
        if (IsDelegate(type))
            return $"delegate {Signature(type.GetMethod("Invoke")!)}";
        if (type.IsEnum)
            return "enum";
        var kind = type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.GetMethod("<Clone>$") is not null ? "record" : "class";
        var modifier = type switch
        {
            { IsValueType: true } or { IsInterface: true } => "",
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        return modifier + kind;
    }

    /// <summary>Where an attribute may stand, by its own declaration or else that of the nearest base class; empty for other types.</summary>
    public static string Usage(Type type)
    {
        for (var declaring = type; declaring is not null && Name(declaring) != "System.Attribute"; declaring = declaring.BaseType)
        {
            if (declaring.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.FullName == "System.AttributeUsageAttribute") is not { } usage)
                continue;
            var named = usage.NamedArguments.Where(a => !Equals(a.TypedValue.Value, a.MemberName == nameof(AttributeUsageAttribute.Inherited))).Select(a => $", {a.MemberName} = {a.TypedValue.Value}").Order(StringComparer.Ordinal);
            return $" on {(AttributeTargets)(int)usage.ConstructorArguments[0].Value!}{string.Concat(named)}";
        }

        return "";
    }

    static string? Line(MemberInfo member) => member switch
    {
        // Of an abstract class only a derived class can call one, public or not.
        ConstructorInfo constructor when !constructor.IsStatic && Access(constructor) is { } access =>
            $"{(constructor.DeclaringType!.IsAbstract ? "protected" : access)} new({Parameters(constructor)})",
        MethodInfo method when !IsAccessor(method) && !IsGenerated(method) && Access(method) is { } access => $"{access} {Modifier(method)}{Signature(method, method.Name)}",
        PropertyInfo property when Property(property) is { } line => line,
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily => Field(field),
        EventInfo { AddMethod: { } add } happening when Access(add) is { } access => $"{access} event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null, // nested types are types of their own
    };

    static string? Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(a => Access(a) is not null).ToList();
        if (accessors.Count == 0 || property.Name == "EqualityContract")
            return null;
        var widest = accessors.Any(a => a.IsPublic) ? "public" : "protected";
        var parts = accessors.Select(a => (Access(a) == widest ? "" : Access(a) + " ") + (a == property.GetMethod ? "get;" : IsInit(a) ? "init;" : "set;"));
        return $"{widest} {Modifier(accessors[0])}{Name(property.PropertyType)} {property.Name} {{ {string.Join(' ', parts.Order(StringComparer.Ordinal))} }}";
    }

    static string Field(FieldInfo field) => field switch
    {
        { DeclaringType.IsEnum: true } => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        { IsLiteral: true } => $"public const {Name(field.FieldType)} {field.Name} = {Literal(field.GetRawConstantValue())}",
        _ => $"{(field.IsPublic ? "public" : "protected")} {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}",
    };

    static string Signature(MethodInfo method, string name = "")
    {
        var generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constrained))}>" : "";
        var extension = method.GetCustomAttributesData().Any(a => a.AttributeType.FullName == typeof(ExtensionAttribute).FullName) ? "this " : "";
        return $"{Name(method.ReturnType)} {name}{generics}({extension}{Parameters(method)})".Replace(" (", "(", StringComparison.Ordinal);
    }

    static string Constrained(Type parameter)
    {
        var constraints = parameter.GetGenericParameterConstraints().Select(Name)
            .Concat(parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>())
            .Order(StringComparer.Ordinal);
        return string.Join(": ", new[] { parameter.Name, string.Join(" & ", constraints) }.Where(part => part.Length > 0));
    }

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.GetCustomAttributesData().Any(a => a.AttributeType.FullName == typeof(ParamArrayAttribute).FullName) ? "params " : "")
        + $"{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "")));

    static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static string? Access(MethodBase method) => method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    static string Modifier(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: true } when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.FullName == "System.Runtime.CompilerServices.IsExternalInit");

    static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What the compiler writes for records: equality, printing, cloning.
    static bool IsGenerated(MethodInfo method) =>
        method.Name.StartsWith('<') || method.GetCustomAttributesData().Any(a => a.AttributeType.FullName == typeof(CompilerGeneratedAttribute).FullName);
}
