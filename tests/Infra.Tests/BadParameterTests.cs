using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests;

/// <summary>Bad parameters fail before anything is deployed, with a sentence that says what to write instead. Each case replaces some of prod's.</summary>
public sealed class BadParameterTests(Infrastructure infrastructure)
{
    [Theory]
    // Types, lengths and lists of values: the compiler refuses the file.
    [InlineData("param environment = 'production'", "'dev' | 'preprod' | 'prod' | 'staging'")]
    [InlineData("param workload = 'in'", "minimum allowable length")]
    [InlineData("param workload = 'ingestion'", "maximum allowable length")]
    [InlineData("param stamps = []", "minimum allowable length")]
    [InlineData("param stamps = [{ name: 'red', share: '0-100' }]", "'blue' | 'green'")]
    [InlineData("param stamps = [{ name: 'blue' }]", "share")]
    [InlineData("param activeStamp = 'red'", "'blue' | 'green'")]
    [InlineData("param durableProvider = 'netherite'", "'scheduler' | 'storage'")]
    [InlineData("param dataRedundancy = 'Premium_LRS'", "Standard_RAGZRS")]
    [InlineData("param vaultSoftDeleteDays = 5", "7")]
    [InlineData("param vaultSoftDeleteDays = 91", "90")]
    [InlineData("param logRetentionDays = 1", "30")]
    [InlineData("param monthlyBudget = 0", "1")]
    [InlineData("param nonsense = 1", "nonsense")]
    // What parameters must say together: fail() names it.
    [InlineData("param stamps = [{ name: 'blue', share: '0-50' }, { name: 'blue', share: '50-100' }]", "Two stamps have the same name")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-100' }]\nparam activeStamp = 'green'", "activeStamp is 'green', but the stamps are blue")]
    [InlineData("param stamps = [{ name: 'blue', share: 'all' }]", "'all' is not from-to in percent")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-101' }]", "'0-101' is not from-to in percent")]
    [InlineData("param stamps = [{ name: 'blue', share: '60-40' }]", "'60-40' is not from-to in percent")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-90' }]", "do not make up 0-100 once")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-60' }, { name: 'green', share: '50-100' }]", "do not make up 0-100 once")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-40' }, { name: 'green', share: '50-100' }]", "do not make up 0-100 once")]
    [InlineData("param publicAccess = true", "preprod and prod are reached through private endpoints only")]
    [InlineData("param alertEmails = []", "nobody would hear of an alert")]
    [InlineData("param alertEmails = ['somebody']", "'somebody', which is no address")]
    [InlineData("param budgetStart = '2026-12-15'", "a budget begins on the first day of a month")]
    [InlineData("param addressPrefix = '10.0.0.0/28'", "need a /24 or larger")]
    [InlineData("param geoPriority = true\nparam dataRedundancy = 'Standard_ZRS'", "has no second region")]
    public async Task They_are_refused_with_a_sentence(string parameters, string sentence)
    {
        var refused = await Assert.ThrowsAsync<BicepException>(() => infrastructure.DeployAsync("prod", parameters));
        Assert.Contains(sentence, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("param stamps = [{ name: 'blue', share: '10-100' }, { name: 'green', share: '0-10' }]")]
    [InlineData("param stamps = [{ name: 'blue', share: '0-0' }, { name: 'green', share: '0-100' }]\nparam activeStamp = 'green'")]
    public async Task Those_of_a_release_are_not(string parameters) => Assert.NotEmpty((await infrastructure.DeployAsync("dev", parameters)).Resources);
}
