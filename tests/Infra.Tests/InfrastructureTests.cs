using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Rules;

namespace DataIngestion.Infra.Tests;

public sealed class InfrastructureTests(Infrastructure infrastructure)
{
    public static MatrixTheoryData<string, string> Cases { get; } = new(Infrastructure.Environments, RuleList.All.Select(r => r.GetType().Name));

    public static MatrixTheoryData<string, string> Variants { get; } = new([Infrastructure.InStorage, Infrastructure.Released], RuleList.All.Select(r => r.GetType().Name));

    [Fact]
    public void The_compiler_and_its_linter_have_nothing_to_say() => Report.Nothing(infrastructure.Diagnostics);

    [Theory, MemberData(nameof(Cases))]
    public void Every_environment_keeps_every_rule(string environment, string rule) =>
        Report.Nothing(RuleList.Find(rule).Check(infrastructure[environment]));

    [Theory, MemberData(nameof(Variants))]
    public void So_does_what_parameters_can_choose(string variant, string rule) =>
        Report.Nothing(RuleList.Find(rule).Check(infrastructure.Variants[variant]));
}
