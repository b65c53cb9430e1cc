using System.Data.Common;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Data.Sqlite;

namespace DataIngestion.Connect.Tests;

/// <summary>A driver's assembly, made on the spot: its factory makes SQLite connections, so that there is a database behind it.</summary>
internal static class DroppedInProvider
{
    /// <summary>Writes the assembly with one factory, or several, or none.</summary>
    public static void Write(string path, string name, params string[] factories)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name);
        module.DefineType($"{name}.Nothing", TypeAttributes.Public | TypeAttributes.Class).CreateType();
        foreach (var factory in factories)
            Define(module, $"{name}.{factory}");
        assembly.Save(path);
    }

    static void Define(ModuleBuilder module, string name)
    {
        var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.Sealed, typeof(DbProviderFactory));
        var instance = type.DefineField("Instance", type, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly);

        var constructor = type.DefineDefaultConstructor(MethodAttributes.Private);
        var initializer = type.DefineTypeInitializer().GetILGenerator();
        initializer.Emit(OpCodes.Newobj, constructor);
        initializer.Emit(OpCodes.Stsfld, instance);
        initializer.Emit(OpCodes.Ret);

        var create = type.DefineMethod(nameof(DbProviderFactory.CreateConnection), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(DbConnection), []);
        var body = create.GetILGenerator();
        body.Emit(OpCodes.Newobj, typeof(SqliteConnection).GetConstructor([])!);
        body.Emit(OpCodes.Ret);
        type.CreateType();
    }
}
