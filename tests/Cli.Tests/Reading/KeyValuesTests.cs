using DataIngestion.Cli.Reading;

namespace DataIngestion.Cli.Tests.Reading;

public sealed class KeyValuesTests
{
    [Fact]
    public void A_value_may_hold_equals_signs_and_be_empty() =>
        Assert.Equal(new Dictionary<string, string> { ["a"] = "b=c", ["d"] = "" }, KeyValues.Parse(["a=b=c", "d="]));

    [Theory]
    [InlineData("AAPL")]
    [InlineData("=AAPL")]
    [InlineData("")]
    public void A_word_without_a_column_is_a_usage_error(string word) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandFailedException>(() => KeyValues.Parse([word])).ExitCode);

    [Fact]
    public void A_column_given_twice_is_a_usage_error() =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandFailedException>(() => KeyValues.Parse(["a=1", "a=2"])).ExitCode);
}
