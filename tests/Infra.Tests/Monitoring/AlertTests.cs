using System.Text.RegularExpressions;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Monitoring;

public sealed partial class AlertTests(Infrastructure infrastructure)
{
    static readonly string[] Types =
        ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts", "Microsoft.Insights/activityLogAlerts", "Microsoft.EventGrid/systemTopics/eventSubscriptions"];

    public static TheoryData<string> Environments => [.. Infrastructure.Environments];

    [Theory]
    [InlineData("source-down", "GreaterThan", 5)]
    [InlineData("quality-low", "LessThan", 80)]
    [InlineData("sla-at-risk", "LessThan", 10)]
    [InlineData("step-errors", "GreaterThan", 5)]
    [InlineData("invocation-errors", "GreaterThan", 5)]
    [InlineData("steps-slow", "GreaterThan", 2)]
    [InlineData("instances-busy", "GreaterThan", 80)]
    [InlineData("sources-busy", "GreaterThan", 80)]
    [InlineData("quotas-busy", "GreaterThan", 80)]
    [InlineData("vault-busy", "GreaterThan", 80)]
    public void What_was_promised_is_alerted_at_the_promised_threshold(string name, string comparison, int threshold)
    {
        foreach (var environment in Infrastructure.Environments)
        {
            var rule = Assert.Single(Alerts(environment), a => a.Name.EndsWith($"{environment}-{name}", StringComparison.Ordinal));
            Assert.Equal((comparison, $"{threshold}"), (rule.Text("properties.criteria.allOf.0.operator"), rule.Text("properties.criteria.allOf.0.threshold")));
        }
    }

    [Fact]
    public void What_has_a_limit_is_alerted_at_four_fifths_of_it()
    {
        var prod = Alerts("prod").ToList();

        Assert.Equal(20_000 * 300 * 4 / 5, Threshold("-storage-requests-"));
        Assert.Equal((5L << 50) / 100 * 80, Threshold("-storage-capacity-"));
        Assert.Equal(0, Threshold("-events-bytes") % (1_048_576L * 300 * 4 / 5));
        Assert.Equal(0, Threshold("-events-messages") % (1_000 * 300 * 4 / 5));
        foreach (var rule in prod.Where(a => a.Text("properties.criteria.allOf.0.metricName") == "InstanceCount"))
            Assert.True(int.Parse(rule.Text("properties.criteria.allOf.0.threshold")!) > 0);

        long Threshold(string part) => long.Parse(prod.First(a => a.Name.Contains(part, StringComparison.Ordinal)).Text("properties.criteria.allOf.0.threshold")!);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Every_alert_says_what_it_means_and_where_the_first_thing_to_do_is_written(string environment)
    {
        var alerts = Alerts(environment).ToList();
        Assert.True(alerts.Count > 30);
        Assert.All(alerts, alert =>
        {
            var said = alert.Text("properties.description") ?? alert.Text("properties.destination.properties.description")!;
            var heading = Guide().Match(said);
            Assert.True(heading.Success && heading.Index > 20, $"{alert}: '{said}'");
            Assert.Contains(heading.Groups[1].Value, MetricReference.Alerts);
        });
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Every_alert_resolves_itself_or_cannot(string environment) =>
        Assert.All(Alerts(environment).Where(a => a.Type.EndsWith("Rules", StringComparison.Ordinal) || a.Type.EndsWith("metricAlerts", StringComparison.Ordinal)), a => Assert.Equal("true", a.Text("properties.autoMitigate")));

    [Fact]
    public void Every_alert_that_is_written_about_exists_and_is_listed()
    {
        var told = Infrastructure.Environments.SelectMany(Alerts)
            .Select(a => Guide().Match(a.Text("properties.description") ?? a.Text("properties.destination.properties.description") ?? "").Groups[1].Value).Append("budget").ToHashSet();

        Assert.Equal(told.Order(), MetricReference.Alerts.Order());
        Assert.Equal(MetricReference.Alerts.Order(), MetricReference.ListedAlerts.Order());
    }

    [Fact]
    public void A_window_is_one_that_a_rule_may_have_and_no_query_looks_further()
    {
        string[] windows = ["PT5M", "PT10M", "PT15M", "PT30M", "PT1H", "PT3H", "P1D"];
        foreach (var rule in infrastructure["prod"].OfType("Microsoft.Insights/scheduledQueryRules"))
        {
            Assert.Contains(rule.Text("properties.windowSize"), windows);
            Assert.DoesNotContain("ago(", rule.Text("properties.criteria.allOf.0.query"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_budget_tells_what_was_spent_and_what_is_expected()
    {
        var budget = Assert.Single(infrastructure["prod"].OfType("Microsoft.Consumption/budgets"));

        Assert.EndsWith("-01T00:00:00Z", budget.Text("properties.timePeriod.startDate"), StringComparison.Ordinal);
        Assert.Equal(("Actual", "Forecasted"), (budget.Text("properties.notifications.spent100.thresholdType"), budget.Text("properties.notifications.expected100.thresholdType")));
    }

    IEnumerable<AzureResource> Alerts(string environment) =>
        Types.SelectMany(infrastructure[environment].OfType)
            .Where(a => !a.Type.EndsWith("eventSubscriptions", StringComparison.Ordinal) || a.Text("properties.destination.endpointType") == "MonitorAlert");

    [GeneratedRegex(@"docs/monitoring\.md#([a-z-]+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Guide();
}
