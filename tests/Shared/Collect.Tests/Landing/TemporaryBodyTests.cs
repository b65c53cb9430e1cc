using System.Security.Cryptography;

namespace DataIngestion.Collect.Tests.Landing;

public sealed class TemporaryBodyTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(TemporaryBody.MaxInMemory), InlineData(TemporaryBody.MaxInMemory + 1), InlineData(1_000_000)]
    public async Task What_was_put_in_comes_out_with_its_length_and_hash(int length)
    {
        var random = new Random(length);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        await using var body = new TemporaryBody();

        for (var round = 0; round < 3; round++)
        {
            body.Clear();
            for (var at = 0; at < length;)
            {
                var piece = Math.Min(random.Next(1, 50_000), length - at);
                if (random.Next(2) == 0)
                    body.Append(bytes.AsSpan(at, piece));
                else
                    await body.AppendAsync(bytes.AsMemory(at, piece), TestContext.Current.CancellationToken);
                at += piece;
            }

            Assert.Equal((length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (body.Length, body.Sha256));
            for (var reading = 0; reading < 2; reading++)
            {
                using var copy = new MemoryStream();
                await body.Rewind().CopyToAsync(copy, TestContext.Current.CancellationToken);
                Assert.Equal(bytes, copy.ToArray());
            }
        }
    }

    [Fact]
    public async Task A_small_body_after_a_large_one_is_that_body()
    {
        await using var body = new TemporaryBody();
        await body.FillAsync(new MemoryStream(new byte[500_000]), TestContext.Current.CancellationToken);
        await body.FillAsync(new MemoryStream("small"u8.ToArray()), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(body.Rewind());
        Assert.Equal("small", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        await body.FillAsync(new MemoryStream(new byte[300_000]), TestContext.Current.CancellationToken);
        Assert.Equal((300_000, 300_000), (body.Length, body.Rewind().Length));
    }
}
