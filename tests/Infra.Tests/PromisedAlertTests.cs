using System.Text.Json.Nodes;
using System.Xml;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests;

/// <summary>The alerts and dashboards that were promised are there, with the limits that were promised.</summary>
public sealed class PromisedAlertTests(Infrastructure infrastructure)
{
    [Theory]
    [InlineData("source-down", "GreaterThan", 5)] // minutes
    [InlineData("quality-low", "LessThan", 80)] // score
    [InlineData("sla-at-risk", "LessThan", 10)] // percent of the time that is left
    [InlineData("step-errors", "GreaterThan", 5)] // percent
    [InlineData("steps-slow", "GreaterThan", 2)] // times the median
    [InlineData("instances-busy", "GreaterThan", 80)] // percent
    public void It_fires_at_its_limit(string name, string comparison, double limit)
    {
        foreach (var environment in Infrastructure.Environments)
        {
            var alert = Assert.Single(infrastructure[environment].OfType("Microsoft.Insights/scheduledQueryRules"), a => a.Leaf.EndsWith($"-{name}", StringComparison.Ordinal));
            var condition = Assert.Single(alert.List("properties.criteria.allOf"));
            Assert.Equal(comparison, condition["operator"]!.GetValue<string>());
            Assert.Equal(limit, condition["threshold"]!.GetValue<double>());
            Assert.Equal("true", alert.Text("properties.enabled"));
            Assert.True(XmlConvert.ToTimeSpan(alert.Text("properties.evaluationFrequency")!) <= TimeSpan.FromMinutes(5), $"{alert} looks only every {alert.Text("properties.evaluationFrequency")}.");
        }
    }

    [Fact]
    public void There_are_four_dashboards()
    {
        foreach (var environment in Infrastructure.Environments)
        {
            var workbooks = infrastructure[environment].OfType("Microsoft.Insights/workbooks").ToArray();
            Assert.Equal(4, workbooks.Length);
            foreach (var workbook in workbooks)
                Assert.NotEmpty(JsonNode.Parse(workbook.Text("properties.serializedData")!)!["items"]!.AsArray());
        }
    }

    [Fact]
    public void There_is_a_budget_that_warns()
    {
        foreach (var environment in Infrastructure.Environments)
            Assert.NotEmpty(infrastructure[environment].OfType("Microsoft.Consumption/budgets"));
    }
}
