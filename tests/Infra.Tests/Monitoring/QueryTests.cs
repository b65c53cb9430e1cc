using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Monitoring;

public sealed class QueryTests(Infrastructure infrastructure)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_is_one_and_knows_its_columns()
    {
        var queries = Query.All;
        Assert.True(queries.Count > 50, "The queries were not found, so this test would prove nothing.");
        var answers = await KustoAnswer.AskAsync(queries.Select(q => q.Text), Stop);

        Assert.Empty(queries.Zip(answers).SelectMany(a => a.Second.Faults.Select(f => $"{a.First.Name}: {f}")));
    }

    [Fact]
    public async Task A_fault_of_a_query_is_noticed()
    {
        var answers = await KustoAnswer.AskAsync(["AppMetrics | where Nam == 'a'", "AppMetrics | wher Name == 'a'", "AppMetric | count", "AppMetrics | project datetime_diff(Name)"], Stop);

        Assert.All(answers, a => Assert.NotEmpty(a.Faults));
    }

    [Fact]
    public async Task An_alert_compares_and_splits_by_columns_of_its_query()
    {
        var rules = infrastructure["prod"].OfType("Microsoft.Insights/scheduledQueryRules").ToList();
        Assert.Equal(Query.OfAlerts().Count(), rules.Count);
        var answers = await KustoAnswer.AskAsync(rules.Select(r => r.Text("properties.criteria.allOf.0.query")!), Stop);

        foreach (var (rule, answer) in rules.Zip(answers))
        {
            Assert.Empty(answer.Faults);
            var used = rule.List("properties.criteria.allOf.0.dimensions").Select(d => d["name"]!.GetValue<string>()).Append(rule.Text("properties.criteria.allOf.0.metricMeasureColumn"));
            Assert.Equal(answer.Columns.Order(), used.Order());
        }
    }
}
