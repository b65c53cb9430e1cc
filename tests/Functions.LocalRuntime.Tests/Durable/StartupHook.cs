using DataIngestion.LocalRuntime.Tests.Durable;

/// <summary>Found by the runtime under this name, before the program's own entry, when the environment names this assembly as a startup hook.</summary>
#pragma warning disable CA1050, MA0047 // the runtime looks for it outside any namespace
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public static void Initialize() => KillTests.RunAsChild();
}
