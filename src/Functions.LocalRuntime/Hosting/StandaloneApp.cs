using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>An app started by its own <c>Program.cs</c> in the Local build.</summary>
internal static class StandaloneApp
{
    public static void AddTo(FunctionsApplicationBuilder builder, Assembly assembly) => throw new NotSupportedException(builder + assembly.FullName);
}
