using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class StampShareTests
{
    [Theory]
    [InlineData("0-10", "10-100")]
    [InlineData("10-100", "0-10")]
    [InlineData("0-100", "0-0")]
    [InlineData("0-0", "0-100")]
    [InlineData("100-100", "0-100")]
    public void What_one_stamp_does_not_start_the_other_does(string share, string rest) => Assert.Equal(rest, StampShare.RestOf(share));

    [Theory]
    [InlineData("0-10"), InlineData("0-0"), InlineData("90-100"), InlineData("0-100")]
    public void A_share_that_leaves_one_rest_is_right(string share) => Assert.Null(StampShare.FaultOf(share));

    [Theory]
    [InlineData("10"), InlineData("10-"), InlineData("-10"), InlineData("20-10"), InlineData("0-101"), InlineData("a-b"), InlineData("0 - 10")]
    public void What_is_no_share_is_said_to_be_none(string share) => Assert.Contains("is not a share", StampShare.FaultOf(share), StringComparison.Ordinal);

    [Fact]
    public void A_share_in_the_middle_leaves_two_rests_and_is_refused() => Assert.Contains("begin at 0 or end at 100", StampShare.FaultOf("10-20"), StringComparison.Ordinal);

    [Fact]
    public void A_new_stamp_takes_its_part_from_the_other() =>
        Assert.Equal([new("blue", "10-100"), new("green", "0-10")], StampShare.With([new("blue", "0-100")], "green", "0-10"));
}
