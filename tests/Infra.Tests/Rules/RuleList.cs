namespace DataIngestion.Infra.Tests.Rules;

/// <summary>All rules.</summary>
internal static class RuleList
{
    public static IReadOnlyList<IRule> All { get; } =
    [
        new KnownTypes(), new NamesFit(), new NoPublicAccess(), new EncryptedTransport(), new NoKeys(), new RolesAreNeeded(), new Tagged(), new Diagnosed(),
        new AlertsReachSomebody(), new SubnetsFit(), new DataIsKept(), new NamesAreThoseOfTheCode(), new SettingsAreRead(),
    ];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names { get; } = [.. All.Select(r => r.GetType().Name)];

    public static IRule Find(string name) => All.Single(r => r.GetType().Name == name);
}
