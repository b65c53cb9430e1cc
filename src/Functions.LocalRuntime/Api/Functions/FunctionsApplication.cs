namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry of an app's <c>Program.cs</c>.</summary>
public class FunctionsApplication
{
    FunctionsApplication()
    {
    }

    /// <summary>A builder with the defaults of a worker: environment variables, command line, logging.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
