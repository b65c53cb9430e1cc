namespace DataIngestion.Contracts;

/// <summary>Reads and checks everything that people configure.</summary>
public static class ConfigurationLoader
{
    /// <summary>Reads <c>sources/*.yaml</c> and <c>datasets/*.yaml</c> below one folder and <c>*.yaml</c> in another.</summary>
    /// <param name="configsDirectory">Folder with <c>sources</c> and <c>datasets</c>.</param>
    /// <param name="workflowsDirectory">Folder with workflows.</param>
    /// <param name="checks">Further checks, run when the files are readable.</param>
    /// <exception cref="ConfigurationException">Something is wrong; it names every fault with file and line.</exception>
    public static PlatformConfiguration Load(string configsDirectory, string workflowsDirectory, IEnumerable<ConfigurationCheck>? checks = null) =>
        throw new NotSupportedException();
}
