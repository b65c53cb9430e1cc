using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Tests.Api;

public sealed class PublicSurfaceTests
{
    const string Heading = "# Written by PublicSurfaceTests with UPDATE_PUBLIC_SURFACE=1. Compare what is new under an official namespace with the official API: docs/azure-local.md says how.";

    static readonly string Path = System.IO.Path.Combine(Repository.Root, "tests", "Functions.LocalRuntime.Tests", "PublicSurface.txt");

    // Members under the official namespaces are declarations of somebody else's API, the rest is what the runtime promises by itself: both should grow only on purpose.
    [Fact]
    public void The_public_surface_is_the_one_that_was_reviewed()
    {
        var now = PublicSurface.Of(typeof(FunctionAttribute).Assembly.GetExportedTypes());
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_SURFACE") == "1")
            File.WriteAllLines(Path, [Heading, .. now]);

        var reviewed = File.ReadAllLines(Path).Where(line => !line.StartsWith('#')).ToList();
        var added = now.Except(reviewed, StringComparer.Ordinal).Select(line => "+ " + line);
        var removed = reviewed.Except(now, StringComparer.Ordinal).Select(line => "- " + line);
        var changes = added.Concat(removed).ToList();

        Assert.True(changes.Count == 0,
            $"The public surface of Functions.LocalRuntime is not that of {Path}. Run this test with UPDATE_PUBLIC_SURFACE=1 and commit the file; "
            + $"the reviewer compares each new member under an official namespace with the official API.{Environment.NewLine}{string.Join(Environment.NewLine, changes)}");
        Assert.Equal(reviewed, now); // sorted, without repetitions
    }
}
