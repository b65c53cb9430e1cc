using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.TestKit;

namespace DataIngestion.Observe.Tests.Cost;

public sealed class PriceListsTests : IDisposable
{
    static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "configs", PriceLists.FileName));

    readonly TemporaryFolder _folder = new("prices");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_of_the_repository_says_of_every_price_where_it_is_from()
    {
        var list = Read(Text);

        Assert.All(list.All(), p =>
        {
            Assert.Equal("azure.microsoft.com", p.Price.Source.Host);
            Assert.Equal(p.Price.Status is PriceStatus.Unknown, p.Price.Amount is null);
            Assert.False(string.IsNullOrEmpty(p.Price.Note) && p.Price.Status is not PriceStatus.Published, $"{p.Name} has no note");
        });
        Assert.Equal(["dev", "staging", "preprod", "prod"], list.Environments.Keys);
    }

    [Theory]
    [InlineData("executionTime:\n    { amount: 0.000026,", "executionTime:\n    {", "'amount' is missing: expected the price, or 'status: unknown'.")]
    [InlineData("{ amount: 0.000026, unit: gb-second", "{ amount: -1, unit: gb-second", "'amount' is -1: expected 0 to 1000000.")]
    [InlineData("{ amount: 0.000026, unit: gb-second", "{ amount: 0.000026, unit: hour", "'unit' is 'hour': expected 'gb-second', in which this is counted.")]
    [InlineData("{ unit: action,", "{ amount: 1, unit: action,", "'amount' is given although 'status' is 'unknown': expected how far the figure can be relied on.")]
    [InlineData("  blobWrite:", "  blobWrites:", "unknown property 'blobWrites': did you mean 'blobWrite'?")]
    [InlineData("currency: USD", "currency: dollars", "'currency' is 'dollars': expected to match ^[A-Z]{3}$.")]
    [InlineData("status: quoted", "status: sure", "'status' is 'sure': expected one of published, quoted, unverified, unknown.")]
    [InlineData("    { throughputUnits: 1, alertRules", "    { throughputUnit: 1, alertRules", "unknown property 'throughputUnit': did you mean 'throughputUnits'?")]
    public void A_fault_is_named_with_its_line(string old, string now, string message)
    {
        var place = Text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(place >= 0, $"the list does not hold {old}");
        var changed = Text[..place] + now + Text[(place + old.Length)..];

        var faults = Assert.Throws<ConfigurationException>(() => Read(changed)).Faults;

        var fault = Assert.Single(faults, f => f.Message == message);
        Assert.EndsWith("prices.yaml", fault.File, StringComparison.Ordinal);
        Assert.InRange(fault.Line, 1, Text.Split('\n').Length);
    }

    [Fact]
    public void An_operation_that_is_not_counted_is_a_fault()
    {
        var faults = Assert.Throws<ConfigurationException>(() => Read(Text.Replace("blob-write:", "blob-writes:", StringComparison.Ordinal))).Faults;

        Assert.Contains(faults, f => f.Message.StartsWith("unknown operation 'blob-writes': did you mean 'blob-write'?", StringComparison.Ordinal));
    }

    // What an environment has is said twice: to Azure, and here.
    [Theory]
    [InlineData("dev"), InlineData("staging"), InlineData("preprod"), InlineData("prod")]
    public void Environments_have_what_their_parameters_deploy(string environment)
    {
        var parameters = File.ReadAllText(Path.Combine(Repository.Root, "infra", "bicep", $"main.{environment}.bicepparam"));
        var deployed = Read(Text).Environments[environment];

        Assert.Equal(Numbers("instanceCount: ([0-9]+)").Sum(), deployed.AlwaysReadyInstances);
        Assert.Equal(Numbers(@"param scheduler = \{ sku: 'Dedicated', capacity: ([0-9]+)").Sum(), deployed.CapacityUnits);
        Assert.Equal(Numbers(@"param eventHubs = \{\s+sku: 'Standard'\s+capacity: ([0-9]+)").Sum(), deployed.ThroughputUnits);

        IEnumerable<int> Numbers(string pattern) =>
            Regex.Matches(parameters, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    PriceList Read(string text)
    {
        var path = Path.Combine(_folder.Path, PriceLists.FileName);
        File.WriteAllText(path, text);
        return PriceLists.Read(path);
    }
}
