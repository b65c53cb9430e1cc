namespace DataIngestion.Infra.Tests;

/// <summary>Fails a test with every finding in full.</summary>
internal static class Report
{
    public static void Nothing(IEnumerable<string> findings)
    {
        var found = findings.ToArray();
        if (found.Length > 0)
            Assert.Fail($"{found.Length} found:\n  {string.Join("\n  ", found)}");
    }
}
