using DataIngestion.Merge;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataIngestion.Govern.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void Everything_resolves_and_options_come_from_the_configuration()
    {
        using var provider = Build(new() { ["Merge:SortBufferBytes"] = "131072" });
        Assert.NotNull(provider.GetRequiredService<Merger>());
        Assert.NotNull(provider.GetRequiredService<QualityGate>());
        Assert.NotNull(provider.GetRequiredService<Lineage>());
        Assert.NotNull(provider.GetRequiredService<SnapshotReader>());
        Assert.Equal(131_072, provider.GetRequiredService<IOptions<MergerOptions>>().Value.SortBufferBytes);
    }

    [Fact]
    public void A_buffer_out_of_range_is_refused()
    {
        using var provider = Build(new() { ["Merge:SortBufferBytes"] = "1" });
        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<Merger>());
        Assert.Contains("SortBufferBytes must be between 65536", fault.Message, StringComparison.Ordinal);
    }

    static ServiceProvider Build(Dictionary<string, string?> settings)
    {
        settings["DataStorage"] = "UseDevelopmentStorage=true";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddStorage().AddMerge().AddGovern()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
