using System.Text;

namespace DataIngestion.Connect;

/// <summary>Looks into the body of a refusal without using it up.</summary>
internal static class RefusedBody
{
    const int Longest = 64 << 10;

    /// <summary>The body as text; empty when it is long or breaks off.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(Longest, cancellationToken);
            return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
